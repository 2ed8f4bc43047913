namespace TByte.Functions.Load;

/// <summary>What this process is told.</summary>
internal static class StandardInput
{
    /// <summary>
    /// The next line; null at the end. <c>Console.In.ReadLineAsync</c> would hold a thread of the pool until something is said, which on
    /// one processor is the only one: what a server has to answer would then wait for the pool to grow, half a second at a time.
    /// </summary>
    public static Task<string?> ReadLineAsync() =>
        Task.Factory.StartNew(Console.In.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
