using StackExchange.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Postgres.Statements;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>One breaker for five instances: a sick server is noticed once, left alone by all and tried again by few.</summary>
public sealed class SharedBreakerTests
{
    private const int Instances = 5;
    private const int ProbePermits = 2;
    private const int Answered = 404;
    private const int Refused = 503;

    // What apps have by default: these tests are about not waiting.
    private static readonly (string, object)[] Defaults =
    [
        ("Postgres__ReadBudget", "00:00:00.700"), ("Cache__HardTimeout", "00:00:00.850"), ("Cache__LeaseLife", "00:00:00.750"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_was_killed_is_left_alone_by_all_and_on_its_return_reached_by_few_at_a_time()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token, logStatements: true);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using BreakerHash breaker = await BreakerHash.ConnectAsync(redis);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            [.. Enumerable.Repeat(new InstanceOptions { OwnProcess = true }, Instances)],
            await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token), redis.Connection, budget: null, Defaults);
        await breaker.KnowsAsync(Instances);
        await using ColdReads reads = new(fleet);
        await Eventually.HoldsAsync(() => reads.Answers.Count > 50, "the load runs", Token);
        await reads.AllSeeAsync(Answered, "the server answers");

        await postgres.KillAsync();
        await breaker.IsAsync("open");
        await reads.AllSeeAsync(Refused, "it is left alone");
        DateTimeOffset back = DateTimeOffset.UtcNow;
        await postgres.RestartAsync(Token);
        await breaker.IsAsync("closed");
        DateTimeOffset closed = DateTimeOffset.UtcNow;
        await reads.AllSeeAsync(Answered, "the server is asked again");

        IReadOnlyList<LoggedStatement> statements = postgres.Statements.Between(back, DateTimeOffset.UtcNow);
        Assert.Contains(statements, IsProbe);
        Assert.InRange(postgres.Statements.MostAtOnce(statement => IsProbe(statement) && statement.Start >= back), 1, ProbePermits);
        DateTimeOffset lastProbe = statements.Where(IsProbe).Skip(2).First().Start;
        Assert.DoesNotContain(statements, statement => IsRead(statement) && statement.Start < lastProbe);
        // The ramp: while all would be answered, most are not let through yet.
        Assert.Contains(reads.Answers, answer => answer.At > closed && answer.Status == Refused);
    }

    [Fact]
    public async Task An_instance_whose_own_way_to_the_server_is_cut_takes_itself_out_and_no_other()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using BreakerHash breaker = await BreakerHash.ConnectAsync(redis);
        await using FaultProxy road = FaultProxy.Start(postgres.Port);
        string database = await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        InstanceOptions cut = new() { Settings = [("Postgres__Primary", $"{database};Port={road.Port}")] };
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            [cut, .. Enumerable.Repeat(new InstanceOptions(), Instances - 1)], database, redis.Connection, ApiFleet.Patient, Defaults);
        await breaker.KnowsAsync(Instances);
        long epoch = await breaker.EpochAsync();
        await using ColdReads reads = new(fleet);
        await Eventually.HoldsAsync(() => reads.Answers.Count > 50, "the load runs", Token);

        await road.RefuseAsync();
        road.Cut();
        await reads.SeesAsync(0, Refused, "the cut one refuses");
        int before = reads.Answers.Count;
        await Eventually.HoldsAsync(() => reads.Answers.Count > before + 300, "the load goes on", Token);
        await road.RestoreAsync();
        await reads.SeesAsync(0, Answered, "it reaches the server again");

        Assert.DoesNotContain(reads.Answers, answer => answer.Instance != 0 && answer.Status != Answered);
        Assert.Equal(("closed", epoch), (await breaker.StateAsync(), await breaker.EpochAsync()));
    }

    [Fact]
    public async Task A_flush_in_the_middle_of_an_outage_turns_no_epoch_back_and_lets_nobody_at_the_server()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using BreakerHash breaker = await BreakerHash.ConnectAsync(redis);
        await using ApiFleet fleet = await StartAsync(postgres, redis);
        await breaker.KnowsAsync(Instances);
        await using ColdReads reads = new(fleet);
        await Eventually.HoldsAsync(() => reads.Answers.Count > 50, "the load runs", Token);

        postgres.Stop();
        await breaker.IsAsync("open");
        await reads.AllSeeAsync(Refused, "it is left alone");
        long epoch = await breaker.EpochAsync();
        await redis.FlushAsync(Token);
        await breaker.IsAsync("closed");
        DateTimeOffset flushed = DateTimeOffset.UtcNow;
        await reads.AllSeeAsync(Refused, "each goes on by itself");
        Assert.True(await breaker.EpochAsync() > epoch);
        Assert.DoesNotContain(reads.Answers, answer => answer.At > flushed && answer.Status == Answered);

        postgres.Continue();
        await reads.AllSeeAsync(Answered, "the server is asked again");
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task Without_redis_each_instance_leaves_the_server_alone_and_finds_it_again(string fault)
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using BreakerHash breaker = await BreakerHash.ConnectAsync(redis);
        await using ApiFleet fleet = await StartAsync(postgres, redis, budget: TimeSpan.FromMilliseconds(50));
        await breaker.KnowsAsync(Instances);
        await using ColdReads reads = new(fleet);
        await Eventually.HoldsAsync(() => reads.Answers.Count > 50, "the load runs", Token);
        postgres.Stop();
        await reads.AllSeeAsync(Refused, "it is left alone");

        if (fault == "killed")
            await redis.KillAsync();
        else
            redis.Stop();
        postgres.Continue();
        await reads.AllSeeAsync(Answered, "each finds it again by itself");

        if (fault == "killed")
            await redis.RestartAsync(Token);
        else
            redis.Continue();
        await breaker.IsAsync("closed");
        int before = reads.Answers.Count;
        await Eventually.HoldsAsync(() => reads.Answers.Count > before + 200, "the load goes on", Token);
        await reads.AllSeeAsync(Answered, "the shared state is in force again and closed");
    }

    [Fact]
    public async Task Wall_clocks_an_hour_off_and_apart_hold_nothing_open()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using BreakerHash breaker = await BreakerHash.ConnectAsync(redis);
        InstanceOptions[] clocks =
        [
            .. Enumerable.Range(0, Instances).Select(i => new InstanceOptions { Time = new SkewedTimeProvider { Skew = TimeSpan.FromHours(i % 2 == 0 ? 1 : -1) } }),
        ];
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            clocks, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token), redis.Connection, ApiFleet.Patient, Defaults);
        await breaker.KnowsAsync(Instances);
        await using ColdReads reads = new(fleet);
        await Eventually.HoldsAsync(() => reads.Answers.Count > 50, "the load runs", Token);

        postgres.Stop();
        await breaker.IsAsync("open");
        postgres.Continue();
        await breaker.IsAsync("closed");
        await reads.AllSeeAsync(Answered, "the server is asked again");
    }

    private static async Task<ApiFleet> StartAsync(TestPostgres postgres, TestRedis redis, TimeSpan? budget = null) => await ApiFleet.StartAsync(
        Instances, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token), redis.Connection, budget ?? ApiFleet.Patient, Defaults);

    private static bool IsProbe(LoggedStatement statement) => statement is { Application: "tbyte-functions-probe", Text: "select 1" };

    private static bool IsRead(LoggedStatement statement) => statement.Text.Contains("from products where id", StringComparison.Ordinal);

    /// <summary>The breaker of the primary, as it lies in Redis.</summary>
    private sealed class BreakerHash(ConnectionMultiplexer connection) : IAsyncDisposable
    {
        private const string Key = "tb:{breaker:postgres-primary}";

        public static async Task<BreakerHash> ConnectAsync(TestRedis redis) =>
            new(await ConnectionMultiplexer.ConnectAsync($"{redis.Connection},abortConnect=false"));

        public async Task<string?> StateAsync() => await FieldAsync("state");

        public async Task<long> EpochAsync() => long.Parse((await FieldAsync("epoch"))!, System.Globalization.CultureInfo.InvariantCulture);

        public Task IsAsync(string state) => Eventually.HoldsAsync(async () => await StateAsync() == state, $"the breaker is {state}", Token);

        /// <summary>Waits until so many instances have reported for long enough to be known.</summary>
        public Task KnowsAsync(int instances) => Eventually.HoldsAsync(
            async () =>
            {
                HashEntry[] fields = await connection.GetDatabase().HashGetAllAsync(Key);
                long born = fields.Where(field => field.Name == "born").Select(field => (long)field.Value).FirstOrDefault(long.MaxValue);
                return fields.Count(field => field.Name.StartsWith("i:")) >= instances
                    && DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - born > 3_000;
            },
            $"{instances} instances are known",
            Token);

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task<string?> FieldAsync(string field)
        {
            try
            {
                return await connection.GetDatabase().HashGetAsync(Key, field);
            }
            catch (RedisException)
            {
                // Away at the moment.
                return null;
            }
        }
    }
}
