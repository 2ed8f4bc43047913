using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Identity;
using TByte.Functions.Testing;

namespace TByte.Functions.Core.Tests.Identity;

public sealed class TokenKeeperTests
{
    private const string Scope = "https://shop.example/.default";

    // For a test that would hang.
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(30);

    private readonly CountedTimers _time = new();
    private readonly FakeLogger<TokenKeeper> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_renewed_when_its_giver_says_and_used_until_then()
    {
        Source source = new(_time) { Life = TimeSpan.FromHours(24), RefreshAfter = TimeSpan.FromHours(12) };
        using TokenKeeper keeper = Keep(source);
        DateTimeOffset start = _time.GetUtcNow();
        await AskedAsync();
        Assert.Equal("token-1", await keeper.GetAsync(TimeSpan.Zero, Token));

        await PassAsync(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1), asked: false);
        Assert.Equal("token-1", keeper.Current);
        Task renewed = keeper.Renewed;
        await PassAsync(TimeSpan.FromSeconds(1), asked: true);

        Assert.True(renewed.IsCompletedSuccessfully);
        Assert.Equal("token-2", keeper.Current);
        Assert.Equal([start, start + TimeSpan.FromHours(12)], source.AskedAt);
    }

    /// <summary>The trap that a fixed interval falls into.</summary>
    [Fact]
    public async Task A_token_with_minutes_left_is_renewed_within_these_minutes()
    {
        Source source = new(_time) { Life = TimeSpan.FromMinutes(3) };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();

        for (int minutes = 1; minutes <= 30; minutes++)
        {
            await PassAsync(TimeSpan.FromMinutes(1), asked: minutes % 2 == 0);
            Assert.NotNull(keeper.Current);
        }

        Assert.Equal(16, source.AskedAt.Count);
    }

    [Fact]
    public async Task While_the_source_fails_it_is_asked_after_growing_pauses_and_the_token_goes_on()
    {
        Source source = new(_time) { Life = TimeSpan.FromMinutes(3) };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();
        source.IsDown = true;
        await PassAsync(TimeSpan.FromMinutes(1), asked: false);
        await PassAsync(TimeSpan.FromMinutes(1), asked: true);

        foreach (int pause in new[] { 1, 2, 4, 8, 16 })
        {
            Assert.Equal("token-1", keeper.Current);
            await PassAsync(TimeSpan.FromSeconds(pause), asked: true);
        }
        Assert.Equal("token-1", await keeper.GetAsync(TimeSpan.Zero, Token));
        await PassAsync(TimeSpan.FromSeconds(30), asked: true);
        Assert.Null(keeper.Current);
        await PassAsync(TimeSpan.FromSeconds(30), asked: true);

        Task<string> waiting = keeper.GetAsync(Timeout.InfiniteTimeSpan, Token).AsTask();
        source.IsDown = false;
        await PassAsync(TimeSpan.FromSeconds(30), asked: true);
        Assert.Equal("token-2", await waiting.WaitAsync(Hanging, Token));
        Assert.Equal(8, _log.Collector.Count);
        Assert.All(_log.Collector.GetSnapshot(), record => Assert.Contains("AuthenticationFailedException: no route)", record.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_token_nobody_waits_longer_than_the_bound()
    {
        Source source = new(_time) { IsDown = true };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();

        Task<string> waiting = keeper.GetAsync(TimeSpan.FromSeconds(5), Token).AsTask();
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(Hanging, Token));
    }

    [Fact]
    public async Task A_source_that_hangs_is_given_up_and_asked_again()
    {
        Source source = new(_time) { Life = TimeSpan.FromHours(1), Hangs = true };
        using TokenKeeper keeper = Keep(source);
        await Eventually.HoldsAsync(() => source.AskedAt.Count == 1, "it is asked", Token);

        source.Hangs = false;
        _time.Advance(TimeSpan.FromSeconds(30));
        await AskedAsync();
        await PassAsync(TimeSpan.FromSeconds(1), asked: true);

        Assert.Equal("token-2", keeper.Current);
    }

    [Fact]
    public async Task A_token_that_has_expired_before_it_came_is_none()
    {
        Source source = new(_time) { Life = TimeSpan.Zero };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();

        await PassAsync(TimeSpan.FromSeconds(1), asked: true);

        Assert.Null(keeper.Current);
        Assert.Equal(2, source.AskedAt.Count);
    }

    /// <summary>Timers stand still while a machine sleeps; the wall clock does not.</summary>
    [Fact]
    public async Task After_a_sleep_that_no_timer_has_noticed_a_token_is_fetched_at_once()
    {
        Source source = new(_time) { Life = TimeSpan.FromHours(1) };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();

        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(2));

        Assert.Equal("token-2", await keeper.GetAsync(Timeout.InfiniteTimeSpan, Token).AsTask().WaitAsync(Hanging, Token));
    }

    [Fact]
    public async Task No_token_is_in_the_log()
    {
        Source source = new(_time) { Life = TimeSpan.FromMinutes(3) };
        using TokenKeeper keeper = Keep(source);
        await AskedAsync();
        source.IsDown = true;
        await PassAsync(TimeSpan.FromMinutes(4), asked: true);

        FakeLogRecord record = Assert.Single(_log.Collector.GetSnapshot());
        Assert.DoesNotContain("token-", record.Message, StringComparison.Ordinal);
        Assert.Null(record.Exception);
    }

    private TokenKeeper Keep(Source source) => new(source, Scope, _time, _log);

    /// <summary>It has asked the source, and waits for the next time.</summary>
    private Task AskedAsync() => WaitsAsync(timers: 2);

    // A question has a timer, and so has the wait that follows. Without a question it was the wait that ended, to look at the clock.
    private async Task PassAsync(TimeSpan time, bool asked)
    {
        int before = _time.Timers;
        _time.Advance(time);
        await WaitsAsync(before + (asked ? 2 : 1));
    }

    private Task WaitsAsync(int timers) => Eventually.HoldsAsync(() => _time.Timers == timers, "it waits", Token);

    private sealed class Source(TimeProvider time) : TokenCredential
    {
        private readonly ConcurrentQueue<DateTimeOffset> _askedAt = new();

        public TimeSpan Life { get; init; }

        public TimeSpan? RefreshAfter { get; init; }

        public bool IsDown { get; set; }

        public bool Hangs { get; set; }

        public IReadOnlyList<DateTimeOffset> AskedAt => [.. _askedAt];

        private int Given { get; set; }

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal([Scope], requestContext.Scopes);
            DateTimeOffset now = time.GetUtcNow();
            _askedAt.Enqueue(now);
            if (IsDown)
                throw new AuthenticationFailedException("no route\nto anybody");
            string token = $"token-{++Given}";
            if (Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
            return new AccessToken(token, now + Life, now + RefreshAfter);
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
