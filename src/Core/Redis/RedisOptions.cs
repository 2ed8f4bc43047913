using StackExchange.Redis;
using TByte.Functions.Configuration;

namespace TByte.Functions.Redis;

/// <summary>Section <c>Redis</c>.</summary>
public sealed record RedisOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Redis";

    /// <summary>A StackExchange.Redis connection string. Empty: the app runs on its memory and the database alone.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The longest a request waits for one Redis call; at most 50 ms, because a read must not be slower with Redis than without.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls in a row that must fail before Redis is left alone.</summary>
    public int FailuresToOpen { get; init; } = 3;

    /// <summary>How often Redis is tried in the background while it is left alone.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    internal ConfigurationOptions ToConfiguration()
    {
        ConfigurationOptions configuration = ConfigurationOptions.Parse(Connection);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ConnectTimeout = 1_000;
        configuration.AsyncTimeout = 1_000;
        configuration.SyncTimeout = 1_000;
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. ConnectionProblems(Connection),
        .. SettingBounds.Between("Redis:Budget", Budget, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50)),
        .. SettingBounds.Between("Redis:FailuresToOpen", FailuresToOpen, 1, 100),
        .. SettingBounds.Between("Redis:ProbeInterval", ProbeInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
    ];

    /// <summary>Whether it is a connection string, and names a server.</summary>
    internal static bool IsConnection(string connection) => connection.Length > 0 && ConnectionProblems(connection).Length == 0;

    private static string[] ConnectionProblems(string connection)
    {
        if (connection.Length == 0)
            return [];

        try
        {
            return ConfigurationOptions.Parse(connection).EndPoints.Count > 0 ? [] : ["Redis:Connection names no server."];
        }
        catch (ArgumentException)
        {
            // The parser's message would repeat the connection string, and with it the password.
            return ["Redis:Connection is not a StackExchange.Redis connection string."];
        }
    }
}
