using Azure.Core;
using Microsoft.Extensions.Logging;
using TByte.Functions.Resilience;

namespace TByte.Functions.Identity;

/// <summary>
/// Keeps a token of one scope that is valid, and renews it in the background by the times it came with: the platform gives out tokens from
/// a cache of its own, so that a new one may have minutes left. While the token source fails, the token at hand is used for as long as it is
/// valid. Nothing here tells a token to a log.
/// </summary>
internal sealed class TokenKeeper : IDisposable
{
    // Of one question to the token source.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Timers stand still while a machine sleeps; tokens do not.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly TokenCredential _credential;
    private readonly string _scope;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenKeeper> _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Signal _looksAgain = new();
    private volatile KeptToken? _kept;
    private volatile TaskCompletionSource _renewed = NewPromise();

    /// <summary>Begins to fetch at once.</summary>
    public TokenKeeper(TokenCredential credential, string scope, TimeProvider time, ILogger<TokenKeeper> logger)
    {
        _credential = credential;
        _scope = scope;
        _time = time;
        _logger = logger;
        CancellationToken ending = _ending.Token;
        _ = Task.Run(() => RunAsync(ending), ending);
    }

    /// <summary>The token; null when there is none that is valid.</summary>
    public string? Current => _kept is { } kept && kept.ExpiresOn > _time.GetUtcNow() ? kept.Token : null;

    /// <summary>Ends when the next new token is there. To miss none, ask for this before asking for the token.</summary>
    public Task Renewed => _renewed.Task;

    /// <summary>The token, at once; waits for one only while there is none that is valid.</summary>
    /// <exception cref="TimeoutException">None has come in time.</exception>
    public async ValueTask<string> GetAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        while (true)
        {
            Task renewed = Renewed;
            if (Current is { } token)
                return token;

            _looksAgain.Set();
            TimeSpan left = most - _time.GetElapsedTime(began);
            await (most == Timeout.InfiniteTimeSpan ? renewed.WaitAsync(cancellationToken)
                : left > TimeSpan.Zero ? renewed.WaitAsync(left, _time, cancellationToken)
                : throw new TimeoutException($"There is no token for {_scope}.")).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task RunAsync(CancellationToken ending)
    {
        TimeSpan pause = ShortestPause;
        while (true)
        {
            if (await TryRenewAsync(ending).ConfigureAwait(false))
            {
                pause = ShortestPause;
                await UntilDueAsync(_kept!, ending).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(pause, _time, ending).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken ending)
    {
        try
        {
            using CancellationTokenSource patience = new(LongestAttempt, _time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending);
            AccessToken token = await _credential.GetTokenAsync(new TokenRequestContext([_scope]), either.Token).AsTask()
                .WaitAsync(either.Token).ConfigureAwait(false);
            KeptToken kept = new(token, _time.GetUtcNow());
            if (kept.ExpiresOn <= kept.Since)
            {
                _logger.LogWarning("The token for {Scope} had expired before it came", _scope);
                return false;
            }

            _kept = kept;
            TaskCompletionSource waiting = _renewed;
            _renewed = NewPromise();
            waiting.SetResult();
            return true;
        }
        catch (Exception failure) when (!ending.IsCancellationRequested)
        {
            // Its first line says what is wrong with the identity; those behind it may repeat an answer.
            _logger.LogWarning(
                "No token for {Scope} ({Error}: {Message}); it is asked for again, and the last one is {State}",
                _scope, failure.GetType().Name, failure.Message.AsSpan().TrimStart().ToString().Split('\n')[0], Current is null ? "not valid" : "still valid");
            return false;
        }
    }

    private async Task UntilDueAsync(KeptToken kept, CancellationToken ending)
    {
        while (kept.RenewOn - _time.GetUtcNow() is { Ticks: > 0 } left)
            await _looksAgain.WaitAsync(left < LongestSleep ? left : LongestSleep, _time, ending).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
