namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>What a call of the command has come to.</summary>
internal sealed record Called(int Code, string Report, string Progress)
{
    /// <summary>Everything that was printed.</summary>
    public string Said => Report + Progress;
}

/// <summary>Calls the command in this process.</summary>
internal static class Command
{
    public static Task<Called> RunAsync(params string[] arguments) => RunWithTokenAsync(null, arguments);

    public static async Task<Called> RunWithTokenAsync(string? tokenOfEnvironment, params string[] arguments)
    {
        await using StringWriter report = new();
        await using StringWriter progress = new();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        int code = await IncidentCommand.RunAsync(
            arguments, tokenOfEnvironment, new CommandOutput(report, TextWriter.Synchronized(progress)), new CommandStop(cancellation, cancellation));
        return new Called(code, report.ToString(), progress.ToString());
    }
}
