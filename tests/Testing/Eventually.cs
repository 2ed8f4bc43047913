namespace TByte.Functions.Testing;

/// <summary>Waits for what happens soon, by looking again and again until a deadline that only guards against hanging.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task HoldsAsync(Func<bool> condition, string what, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, cancellationToken, deadline);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        TimeSpan limit = deadline ?? DefaultDeadline;
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > end)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(Interval, cancellationToken);
        }
    }
}
