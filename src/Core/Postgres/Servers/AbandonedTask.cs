namespace TByte.Functions.Postgres;

/// <summary>Leaves a task to itself.</summary>
internal static class AbandonedTask
{
    /// <summary>Nobody waits for it any more; what it fails with is looked at, so that it is not reported as unobserved.</summary>
    public static void Abandon(this Task task) =>
        _ = task.ContinueWith(
            static late => late.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
