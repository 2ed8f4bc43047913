using System.Net;
using Npgsql;
using StackExchange.Redis;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>Nothing that opens doors is in the log, not even at its most talkative and with everything failing.</summary>
public sealed class SecretTests(Shop shop) : IClassFixture<Shop>
{
    private const string RedisPassword = "S3cret-Redis-Passw0rd";

    private static readonly string[] Tokens =
    [
        TestToken.WithRoles(TestToken.OrdersRead, TestToken.CatalogWrite),
        TestToken.ForUser(1),
        TestToken.Expired(1),
        TestToken.Forged(1, TestToken.OrdersRead),
        TestToken.ForUser(2)[..^3],
        "bm90LWEtdG9rZW4.but.secret",
    ];

    [Fact]
    public async Task Stay_out_of_the_log_and_out_of_the_answers()
    {
        ConfigurationOptions configuration = ConfigurationOptions.Parse(shop.Redis);
        configuration.AllowAdmin = true;
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        await connection.GetServers()[0].ConfigSetAsync("requirepass", RedisPassword);

        string redis = $"{shop.Redis},password={RedisPassword}";
        string nowhere = new NpgsqlConnectionStringBuilder(shop.Database) { Port = 9 }.ConnectionString;
        string locked = new NpgsqlConnectionStringBuilder(shop.Database) { Database = "not_there" }.ConnectionString;
        await LookAsync(shop.Database, redis, HttpStatusCode.OK);
        await LookAsync(nowhere, $"127.0.0.1:9,password={RedisPassword}", HttpStatusCode.ServiceUnavailable);
        await LookAsync(locked, $"{redis}-wrong", HttpStatusCode.ServiceUnavailable);
    }

    private static async Task LookAsync(string postgres, string redis, HttpStatusCode product)
    {
        await using ApiInstance api = await ApiInstance.StartAsync(
            postgres, redis,
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
            ("Logging:LogLevel:Npgsql", "Trace"));
        List<Answer> answers = [(await api.GetAsync("/api/v1/products/1")).Is(product)];
        foreach (string token in Tokens)
        {
            foreach (string path in (string[])
                ["/api/v1/products/1", "/api/v1/products", "/api/v1/orders/1", "/api/v1/users/1/orders",
                    "/api/v1/users?email=a@example.org", "/api/health/ready"])
            {
                answers.Add(await api.GetAsync(path, token));
            }

            answers.Add(await api.PutAsync("/api/v1/products/1", token, """{"name": "a", "price": 1}"""));
            answers.Add(await api.PutAsync("/api/v1/products/1", token, "{"));
        }

        string log = string.Join('\n', api.Logs.GetSnapshot().Select(record => $"{record.Category} {record.Message} {record.Exception}"));
        Assert.NotEmpty(log);
        // At this level there must be something of each that could tell.
        Assert.Contains("Microsoft.AspNetCore.Authentication", log, StringComparison.Ordinal);
        string?[] secrets =
        [
            .. Tokens, .. Tokens.Select(token => token.Split('.')[^1]), RedisPassword, new NpgsqlConnectionStringBuilder(postgres).Password,
        ];
        Assert.All(secrets, secret =>
        {
            Assert.True(secret is { Length: > 5 });
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            Assert.DoesNotContain(answers, answer => answer.Text.Contains(secret, StringComparison.Ordinal));
        });
    }
}
