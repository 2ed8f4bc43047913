namespace TByte.Functions.Infrastructure.Tests.Releasing;

/// <summary>How a run of infra/release ended, and what it has called.</summary>
internal sealed record ReleaseRun(int ExitCode, string Output, string Error, IReadOnlyList<string> Calls)
{
    /// <summary>The place of the first call that has all these words; fails when there is none.</summary>
    public int IndexOf(params string[] words)
    {
        int index = Calls.ToList().FindIndex(call => words.All(word => call.Contains(word, StringComparison.Ordinal)));
        Assert.True(index >= 0, $"Nothing was called with {string.Join(", ", words)}:\n{string.Join('\n', Calls)}\n{Error}");
        return index;
    }

    public bool Has(params string[] words) => Calls.Any(call => words.All(word => call.Contains(word, StringComparison.Ordinal)));
}
