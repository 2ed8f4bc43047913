using System.ComponentModel;
using System.Diagnostics;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>Looks once a second how much of the processors' time the database servers take, in all their processes.</summary>
internal sealed class DatabaseMeter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IncidentServers _servers;
    private readonly int _processors;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<DatabaseStep> _steps = [];
    private readonly Dictionary<int, TimeSpan> _used = [];
    private readonly Task _measuring;

    /// <param name="servers">Whose database.</param>
    /// <param name="processors">How many processors it has.</param>
    public DatabaseMeter(IncidentServers servers, int processors)
    {
        _servers = servers;
        _processors = processors;
        _measuring = Task.Run(MeasureAsync);
    }

    /// <summary>Ends it.</summary>
    /// <returns>What was seen, one step a second.</returns>
    public async Task<IReadOnlyList<DatabaseStep>> StopAsync()
    {
        await _stop.CancelAsync();
        await _measuring;
        return _steps;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task MeasureAsync()
    {
        Stopwatch run = Stopwatch.StartNew();
        using PeriodicTimer timer = new(Interval);
        TimeSpan lastAt = run.Elapsed;
        TimeSpan last = Used();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                (TimeSpan at, TimeSpan used) = (run.Elapsed, Used());
                _steps.Add(new DatabaseStep(Math.Round(at.TotalSeconds, 1), (used - last) / (at - lastAt) / _processors));
                (lastAt, last) = (at, used);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    // A process that has ended keeps what it was last seen with, so that the sum never falls.
    private TimeSpan Used()
    {
        foreach (int id in ProcessIds())
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                _used[id] = process.TotalProcessorTime;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended meanwhile.
            }
        }

        return TimeSpan.FromTicks(_used.Values.Sum(static used => used.Ticks));
    }

    private List<int> ProcessIds()
    {
        List<int> ids = [];
        foreach (Testing.Postgres.TestPostgresServer server in _servers.Databases)
        {
            try
            {
                ids.AddRange(server.ProcessIds);
            }
            catch (InvalidOperationException)
            {
                // It is being started again.
            }
        }

        return ids;
    }
}
