using System.Threading.Channels;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>The Warmup app in a process of its own, on its schedules.</summary>
internal sealed class WarmupApp : IAsyncDisposable
{
    public const string Name = "warmup";

    private const string Job = "WarmPopularProducts";

    private static readonly TimeSpan WarmingLimit = TimeSpan.FromMinutes(2);

    // A shop of ten thousand products can keep all of them warm; and nobody is there yet to be spared.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Warmup:Products"] = "10000",
        ["Warmup:Rate"] = "5000",
        ["MoveProductViewsSchedule"] = "0 * * * * *",
        ["WarmPopularProductsSchedule"] = "20 */2 * * * *",
        ["WarmAheadOfPeakSchedule"] = "40 */10 * * * *",
        ["WarmRecentCustomersSchedule"] = "50 */15 * * * *",
        // One line a job, which says that it is done.
        ["Logging:LogLevel:TByte.Functions.Warmup"] = "Information",
    };

    private readonly Channel<string> _reports = Channel.CreateUnbounded<string>();
    private ChildServer? _server;

    private WarmupApp()
    {
    }

    public static async Task<WarmupApp> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        WarmupApp app = new();
        app._server = await ChildServer.StartAsync(Name, new Dictionary<string, string?>(settings.Concat(Settings)), cancellationToken, app.Hear);
        return app;
    }

    /// <summary>Warms the products and returns when all are warm.</summary>
    /// <exception cref="ReplayException">They are not in time.</exception>
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(WarmingLimit);
        using HttpClient http = new() { BaseAddress = _server!.Address };
        string report = "it has said nothing";
        try
        {
            // A run that ends early is made up for by the next one, as it is in production by the schedule.
            do
            {
                using HttpResponseMessage answer = await http.PostAsync($"/admin/functions/{Job}", content: null, limit.Token);
                answer.EnsureSuccessStatusCode();
                report = await _reports.Reader.ReadAsync(limit.Token);
            }
            while (!report.Contains(" 0 failed", StringComparison.Ordinal) || report.Contains("ended early", StringComparison.Ordinal));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReplayException($"The products are not warm after {WarmingLimit.TotalMinutes:0} min: {report}");
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Hear(string line)
    {
        if (line.Contains($"{Job}: ", StringComparison.Ordinal))
            _reports.Writer.TryWrite(line.Trim());
    }
}
