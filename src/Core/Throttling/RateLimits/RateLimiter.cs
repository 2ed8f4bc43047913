using System.Net;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Throttling;

/// <summary>
/// Limits how often one caller may ask: by address for all it asks, and by user, or by address without one, for the versioned routes.
/// A request takes one permit of each policy that applies, or none at all.
/// </summary>
public sealed class RateLimiter
{
    private readonly PolicyLimiter _ip;
    private readonly PolicyLimiter _api;
    private readonly ExemptCallers _exempt;
    private readonly RateLimitMetrics _metrics;
    private readonly bool _isShadow;

    internal RateLimiter(RateLimitOptions options, Func<RateLimitPolicy, PolicyLimiter> limiter, RateLimitMetrics metrics)
    {
        _ip = limiter(new RateLimitPolicy("ip", options.Ip.Permits, options.Ip.Window));
        _api = limiter(new RateLimitPolicy("api", options.Api.Permits, options.Api.Window));
        _exempt = new ExemptCallers(options.Exempt);
        _metrics = metrics;
        _isShadow = options.Shadow;
        IsEnabled = options.Enabled;
        metrics.ObserveGranted(() => [(_ip.Policy.Name, _ip.Granted), (_api.Policy.Name, _api.Granted)]);
    }

    /// <summary>Off: nobody is to be asked about.</summary>
    public bool IsEnabled { get; }

    /// <summary>The policy of addresses.</summary>
    public RateLimitPolicy Ip => _ip.Policy;

    /// <summary>The policy of users.</summary>
    public RateLimitPolicy Api => _api.Policy;

    /// <summary>Both, and how much they do on this instance; none when they are off.</summary>
    public IReadOnlyList<RateLimitStatus> Status => IsEnabled ? [StatusOf(_ip), StatusOf(_api)] : [];

    /// <summary>Whether an address is not limited.</summary>
    public bool IsExempt(IPAddress address) => _exempt.Contains(address);

    /// <summary>Whether the subject of a valid token is not limited.</summary>
    public bool IsExempt(string subject) => _exempt.Contains(subject);

    /// <summary>
    /// Whether it pays to look at the token of a request from this address: an address that is over its limit is refused whoever calls,
    /// without the work of checking a token, unless that could be the token of an exempt caller.
    /// </summary>
    public bool NeedsSubject(IPAddress address) => _isShadow || _exempt.HasSubjects || !_ip.IsRefused(CallerKey.Of(address));

    /// <summary>Takes a permit of the address.</summary>
    public ValueTask<RateLimitVerdict> AcquireAsync(IPAddress address)
    {
        ValueTask<PolicyVerdict> ip = _ip.AcquireAsync(CallerKey.Of(address));
        return ip.IsCompletedSuccessfully ? new ValueTask<RateLimitVerdict>(Conclude(ip.Result)) : AwaitAsync(ip);

        async ValueTask<RateLimitVerdict> AwaitAsync(ValueTask<PolicyVerdict> asked) => Conclude(await asked.ConfigureAwait(false));
    }

    /// <summary>Takes a permit of the address and one of the subject, or of the address again when there is none. Both are asked for at once.</summary>
    public ValueTask<RateLimitVerdict> AcquireAsync(IPAddress address, string? subject)
    {
        CallerKey ipCaller = CallerKey.Of(address);
        CallerKey apiCaller = subject is null ? ipCaller : CallerKey.Of(subject);
        ValueTask<PolicyVerdict> ip = _ip.AcquireAsync(ipCaller);
        ValueTask<PolicyVerdict> api = _api.AcquireAsync(apiCaller);
        return ip.IsCompletedSuccessfully && api.IsCompletedSuccessfully
            ? new ValueTask<RateLimitVerdict>(Conclude(ipCaller, ip.Result, apiCaller, api.Result))
            : AwaitAsync(ipCaller, ip, apiCaller, api);

        async ValueTask<RateLimitVerdict> AwaitAsync(
            CallerKey ipCaller, ValueTask<PolicyVerdict> ip, CallerKey apiCaller, ValueTask<PolicyVerdict> api) =>
            Conclude(ipCaller, await ip.ConfigureAwait(false), apiCaller, await api.ConfigureAwait(false));
    }

    private RateLimitVerdict Conclude(PolicyVerdict ip)
    {
        Count(_ip, ip);
        return new RateLimitVerdict(_isShadow || ip.IsGranted, ip, null);
    }

    private RateLimitVerdict Conclude(CallerKey ipCaller, PolicyVerdict ip, CallerKey apiCaller, PolicyVerdict api)
    {
        Count(_ip, ip);
        Count(_api, api);
        if (_isShadow || (ip.IsGranted && api.IsGranted))
            return new RateLimitVerdict(true, ip, api);

        // What one policy refuses must not use up the other.
        _ip.GiveBack(ipCaller, ip);
        _api.GiveBack(apiCaller, api);
        return new RateLimitVerdict(false, ip, api);
    }

    private void Count(PolicyLimiter limiter, PolicyVerdict verdict)
    {
        if (verdict.IsGranted)
        {
            if (_metrics.CountsGranted)
                limiter.CountGrant();
            return;
        }

        limiter.CountRefusal();
        _metrics.Refused(limiter.Policy.Name, _isShadow);
    }

    private static RateLimitStatus StatusOf(PolicyLimiter limiter) => new(
        limiter.Policy.Name, limiter.Policy.Permits, (long)limiter.Policy.Window.TotalSeconds, limiter.Callers, limiter.Refused);
}
