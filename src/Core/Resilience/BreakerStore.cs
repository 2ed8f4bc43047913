using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Resilience;

/// <summary>What came of asking for leave to probe.</summary>
internal readonly record struct ProbeReply(FleetState State, string? Token);

/// <summary>What came of an order.</summary>
internal readonly record struct OrderReply(FleetState State, bool Taken);

/// <summary>The shared state of breakers: one hash each, one script a transition, by the store's own clock.</summary>
internal sealed class BreakerStore(ScriptCall call, BreakerOptions options, string instance)
{
    /// <summary>Where transitions are pushed: the breaker's name, a line break, its state.</summary>
    public const string Channel = "tb:breakers";

    private const string NotGranted = "-";

    private static readonly string ReportScript = Script("report");
    private static readonly string AcquireScript = Script("acquire");
    private static readonly string ConcludeScript = Script("conclude");
    private static readonly string ForceScript = Script("force");

    /// <summary>Where a breaker's hash lies.</summary>
    public static RedisKey KeyOf(string breaker) => $"tb:{{breaker:{breaker}}}";

    /// <summary>Tells what this instance has seen in an epoch; opens the breaker when the fleet has seen enough.</summary>
    public ValueTask<FleetState?> ReportAsync(string breaker, long epoch, Evidence window, Evidence recent) => StateAsync(
        ReportScript, breaker, epoch,
        window.Failures, window.Slow, window.Successes, recent.Failures, recent.Slow, recent.Successes,
        options.FailureThreshold, options.FailureRatio, options.SlowCallThreshold, options.SlowCallRatio);

    /// <summary>Asks for leave to probe. Repeated with the same token it is the same leave, which an answer that was lost had given.</summary>
    public async ValueTask<ProbeReply?> AcquireAsync(string breaker, long epoch, string token)
    {
        string? reply = await EvaluateAsync(
            AcquireScript, breaker, epoch, token, options.ProbePermits, Milliseconds(options.ProbeInterval)).ConfigureAwait(false);
        return Parse(reply, out string granted) is { } state ? new ProbeReply(state, granted == NotGranted ? null : granted) : null;
    }

    /// <summary>Gives a probe's slot back, with what came of it.</summary>
    public ValueTask<FleetState?> ConcludeAsync(string breaker, long epoch, string token, bool succeeded) =>
        StateAsync(ConcludeScript, breaker, epoch, token, succeeded ? 1 : 0, options.SuccessesToClose);

    /// <summary>Holds the breaker open or closed for a time, or gives it back to the evidence.</summary>
    /// <param name="breaker">Its name.</param>
    /// <param name="epoch">The newest that this instance has seen.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="until">Until when the store may take it, in milliseconds by its own clock.</param>
    public async ValueTask<OrderReply?> ForceAsync(string breaker, long epoch, BreakerOrder order, long until)
    {
        string? reply = await EvaluateAsync(
            ForceScript, breaker, epoch, order.Word, Milliseconds(order.For), order.By, order.Reason, until).ConfigureAwait(false);
        return Parse(reply, out string granted) is { } state ? new OrderReply(state, granted != NotGranted) : null;
    }

    /// <summary>Reads what was pushed; null when it is not ours.</summary>
    public static (string Breaker, FleetState State)? ParsePush(string message)
    {
        int end = message.IndexOf('\n', StringComparison.Ordinal);
        return end > 0 && FleetState.Parse(message.AsSpan(end + 1)) is { } state ? (message[..end], state) : null;
    }

    private async ValueTask<FleetState?> StateAsync(string script, string breaker, long epoch, params RedisValue[] arguments) =>
        Parse(await EvaluateAsync(script, breaker, epoch, arguments).ConfigureAwait(false), out _);

    private ValueTask<string?> EvaluateAsync(string script, string breaker, long epoch, params RedisValue[] arguments) =>
        call(
            script,
            KeyOf(breaker),
            [
                instance, epoch, Milliseconds(options.InstanceLife),
                Milliseconds(options.FirstOpenTime), Milliseconds(options.LongestOpenTime), Factor(), Milliseconds(options.ProbeLease),
                .. arguments,
            ]);

    // Drawn here, because a script that draws the same numbers everywhere would not spread anything.
    private string Factor() => (1 - options.Jitter * Random.Shared.NextDouble()).ToString("0.####", CultureInfo.InvariantCulture);

    private static FleetState? Parse(string? reply, out string granted)
    {
        int end = reply?.IndexOf('\n', StringComparison.Ordinal) ?? -1;
        granted = end > 0 ? reply![..end] : NotGranted;
        return end > 0 ? FleetState.Parse(reply.AsSpan(end + 1)) : null;
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string Script(string name) =>
        EmbeddedScript.Load("TByte.Functions.Resilience.Lua.breaker.lua") + EmbeddedScript.Load($"TByte.Functions.Resilience.Lua.{name}.lua");
}
