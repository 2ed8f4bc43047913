using TByte.Functions.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.WarmStart;

/// <summary>
/// Plays a trace on a fleet, each read once, and brings its views to the database: sent at the end of every hour of the trace, moved
/// at the end of every day. Senders and mover go by the trace's time, as if it were Redis' clock.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly IReadOnlyList<ProductRead> _reads;
    private readonly IReadOnlyList<ApiInstance> _fleet;
    private readonly TraceTime _time;
    private readonly ViewSender[] _senders;
    private readonly ViewMover _mover;
    private int _position;

    private Replay(IReadOnlyList<ProductRead> reads, IReadOnlyList<ApiInstance> fleet, WarmupInstance warmup)
    {
        _reads = reads;
        _fleet = fleet;
        _time = new TraceTime(reads[0].At);
        RedisClock clock = new(_time);
        _senders = [.. fleet.Select(instance => instance.SenderBy(clock))];
        _mover = warmup.MoverBy(clock);
    }

    public static async Task<Replay> StartAsync(
        IReadOnlyList<ProductRead> reads, int instances, Backends backends, WarmupInstance warmup, CancellationToken cancellationToken)
    {
        ApiInstance[] fleet = await Task.WhenAll(
            Enumerable.Range(0, instances).Select(_ => ApiInstance.StartAsync(backends, cancellationToken)));
        return new Replay(reads, fleet, warmup);
    }

    /// <summary>Reads on to a position of the trace; what was read before it is then counted in the database.</summary>
    public async Task ReadToAsync(int position, CancellationToken cancellationToken)
    {
        for (; _position < position; _position++)
        {
            ProductRead read = _reads[_position];
            await AdvanceAsync(read.At, cancellationToken);
            CacheAnswer answer = await _fleet[_position % _fleet.Count].Catalog.GetAsync(read.Product, cancellationToken);
            if (answer.Representation is null)
                throw new InvalidDataException($"The trace reads product {read.Product}, and the shop has none of that id.");
        }

        await SendAsync();
        await MoveAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ViewSender sender in _senders)
            sender.Dispose();
        foreach (ApiInstance instance in _fleet)
            await instance.DisposeAsync();
    }

    private async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (ViewLedger.HourOf(to) != ViewLedger.HourOf(_time.Now))
            await SendAsync();
        if (to.UtcDateTime.Date != _time.Now.UtcDateTime.Date)
            await MoveAsync(cancellationToken);
        _time.Now = to;
    }

    private Task<bool[]> SendAsync() => Task.WhenAll(_senders.Select(static sender => sender.SendAsync()));

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        MovedViews moved = await _mover.MoveAsync(cancellationToken);
        if (moved is not { EndedEarly: null, Dropped: 0 })
            throw new InvalidDataException($"Views were not moved to the database ({moved.Dropped} batches dropped): {moved.EndedEarly}");
    }
}
