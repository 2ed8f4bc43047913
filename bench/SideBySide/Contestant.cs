using System.Text.Json.Nodes;
using TByte.Functions.Load;

namespace TByte.Functions.SideBySide;

/// <summary>What one side of a pair is: a server, what it is asked, and how to tell that it answered as it was meant to.</summary>
internal sealed record Contestant(string Title, string Server)
{
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public required IReadOnlyList<string> Paths { get; init; }

    public string? Authorization { get; init; }

    /// <summary>What the head of a measured answer must hold; empty for nothing.</summary>
    public string Mark { get; init; } = "";
}

/// <summary>A contestant's server, running and connected.</summary>
internal sealed class RunningContestant : IAsyncDisposable
{
    private const double LeastMarked = 0.995;

    private readonly Contestant _contestant;
    private readonly ChildServer _server;
    private readonly ClosedLoop _load;

    private RunningContestant(Contestant contestant, ChildServer server, ClosedLoop load)
    {
        _contestant = contestant;
        _server = server;
        _load = load;
    }

    public string Title => _contestant.Title;

    public static async Task<RunningContestant> StartAsync(Contestant contestant, int connections, CancellationToken cancellationToken)
    {
        ChildServer server = await ChildServer.StartAsync(contestant.Server, contestant.Settings, cancellationToken);
        try
        {
            return new RunningContestant(contestant, server, await ClosedLoop.ConnectAsync(
                server.Address, contestant.Paths, contestant.Authorization, contestant.Mark, connections, cancellationToken));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it answers to the first of its requests.</summary>
    public async Task<JsonNode> ReadBodyAsync(CancellationToken cancellationToken) =>
        JsonNode.Parse(await _load.ReadOnceAsync(cancellationToken)) ?? throw new InvalidDataException($"{Title} answers null.");

    /// <summary>Fills caches and lets the compiler do its work.</summary>
    public Task WarmAsync(int requests, CancellationToken cancellationToken) => _load.RunAsync(requests, cancellationToken);

    /// <summary>Processor time for a request, in microseconds; null when too many answers came from elsewhere than they were meant to.</summary>
    public async Task<double?> MeasureAsync(int requests, CancellationToken cancellationToken)
    {
        TimeSpan before = _server.ProcessorTime;
        LoadCount count = await _load.RunAsync(requests, cancellationToken);
        TimeSpan used = _server.ProcessorTime - before;
        if (count.Answered != requests)
            throw new InvalidDataException($"{Title} answered {count.Answered} of {requests} requests.");
        return _contestant.Mark.Length > 0 && count.Marked < requests * LeastMarked ? null : used.TotalMicroseconds / requests;
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _server.DisposeAsync();
    }
}
