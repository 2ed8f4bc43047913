using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>What the queries ask for is told by somebody: under that name, with those tags and values, in that unit.</summary>
public sealed class MetricTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Own = "tbyte.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Ours_have_these_names_tags_and_values()
    {
        using OwnMetrics metrics = new();
        AskedMetric[] asked = [.. AskedMetric.All.Where(static metric => metric.Name.StartsWith(Own, StringComparison.Ordinal))];

        Assert.True(asked.Length >= 8);
        Assert.All(asked, metric => IsTold(metric, metrics.Recorder));
    }

    [Fact]
    public async Task Those_of_npgsql_have_these_names_tags_and_values_and_are_in_seconds()
    {
        using MetricRecorder npgsql = new(static meter => meter.Name == "Npgsql");
        await ReadAsync(await postgres.CreateDatabaseAsync());
        AskedMetric[] asked = [.. AskedMetric.All.Where(static metric => !metric.Name.StartsWith(Own, StringComparison.Ordinal))];

        Assert.True(asked.Length >= 3);
        Assert.All(asked, metric => IsTold(metric, npgsql));
        Assert.Empty(MetricTableTests.Rows.Select(static row => row.Name).Where(static name => name.StartsWith("db.client.", StringComparison.Ordinal)).Except(npgsql.Instruments));
        Assert.Contains(
            npgsql.Of("db.client.operation.duration"),
            static measured => measured.Tags["db.client.connection.pool.name"] == "postgres-primary" && measured.Value is >= 0.05 and < 20);
    }

    [Theory]
    [InlineData("AppMetrics | where Name == \"tbyte.cache.read.time\"")]
    [InlineData("AppMetrics | where Name == \"tbyte.cache.read.duration\" | extend Outcome = tostring(Properties[\"outcome\"])")]
    [InlineData("AppMetrics | where Name == \"tbyte.cache.read.duration\" | extend Outcome = tostring(Properties[\"cache.outcome\"]) | where Outcome == \"hit\"")]
    [InlineData("AppMetrics | where Name == \"tbyte.cache.read.duration\" | extend O = tostring(Properties[\"cache.outcome\"]) | where O in (\"miss\", \"l2_hit\")")]
    public void A_name_tag_or_value_that_nobody_tells_is_noticed(string query)
    {
        using OwnMetrics metrics = new();

        Assert.ThrowsAny<Exception>(() => IsTold(AskedMetric.Of("broken.kql", query), metrics.Recorder));
    }

    private static void IsTold(AskedMetric asked, MetricRecorder told)
    {
        Assert.True(told.Instruments.Contains(asked.Name), $"{asked.File}: nobody tells of {asked.Name}, but of {string.Join(", ", told.Instruments)}");
        IReadOnlyCollection<Measured> measured = told.Of(asked.Name);
        Assert.All(asked.Tags, tag => Assert.Contains(measured, one => one.Tags.ContainsKey(tag)));
        string[] values = [.. measured.SelectMany(one => asked.Tags.Select(tag => one.Tags.GetValueOrDefault(tag, "")))];
        Assert.All(asked.Values, value => Assert.Contains(values, one => one.StartsWith(value, StringComparison.Ordinal)));
    }

    /// <summary>A read as the apps make it; it takes 50 ms and more.</summary>
    private static async Task ReadAsync(string connectionString)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Postgres:Primary", connectionString), new("Postgres:MinPoolSize", "0")])
            .Build());
        services.AddShopDatabase();
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ShopDatabase>().ReadPrimaryAsync("select pg_sleep(0.05)", AskAsync, Token);
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
