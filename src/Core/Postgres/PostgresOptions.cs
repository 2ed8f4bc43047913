using Npgsql;
using TByte.Functions.Configuration;

namespace TByte.Functions.Postgres;

/// <summary>
/// Section <c>Postgres</c>. All instances together must fit the server:
/// instances × <see cref="MaxPoolSize"/> ≤ <c>max_connections</c> less what superusers and other apps keep.
/// </summary>
public sealed record PostgresOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Postgres";

    /// <summary>Npgsql connection string of the primary; its pool and time-out settings are replaced by the ones here.</summary>
    public string Primary { get; init; } = "";

    /// <summary>Connections kept open.</summary>
    public int MinPoolSize { get; init; } = 10;

    /// <summary>Connections at most; queries that nobody waits for any more count until the server has ended them.</summary>
    public int MaxPoolSize { get; init; } = 50;

    /// <summary>How long an unused connection above the minimum stays open.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest a caller waits for a read, retries and the wait for a connection included.</summary>
    public TimeSpan ReadBudget { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>The longest a caller waits for a write.</summary>
    public TimeSpan WriteBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this the server ends a statement by itself.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. ConnectionProblems(),
        .. SettingBounds.Between("Postgres:MaxPoolSize", MaxPoolSize, 1, 1_000),
        .. SettingBounds.Between("Postgres:MinPoolSize", MinPoolSize, 0, MaxPoolSize),
        .. SettingBounds.Between("Postgres:IdleLifetime", IdleLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. SettingBounds.Between("Postgres:ConnectTimeout", ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:ReadBudget", ReadBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:WriteBudget", WriteBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:StatementTimeout", StatementTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
    ];

    internal NpgsqlConnectionStringBuilder ToConnectionString() => new(Primary)
    {
        ApplicationName = "tbyte-functions",
        MinPoolSize = MinPoolSize,
        MaxPoolSize = MaxPoolSize,
        ConnectionIdleLifetime = (int)IdleLifetime.TotalSeconds,
        ConnectionPruningInterval = Math.Max(1, (int)IdleLifetime.TotalSeconds / 3),
        Timeout = (int)ConnectTimeout.TotalSeconds,
        // Npgsql's own time-out cancels over a second connection and blocks while the server hangs. The server's
        // statement_timeout ends what it can; this is only the last resort for a server that is gone for good.
        CommandTimeout = 30,
        KeepAlive = 10,
        TcpKeepAlive = true,
        MaxAutoPrepare = 32,
        Options = $"-c statement_timeout={(long)StatementTimeout.TotalMilliseconds}",
    };

    private IEnumerable<string> ConnectionProblems()
    {
        if (Primary.Length == 0)
            return ["Postgres:Primary is empty; it must be the connection string of the primary."];

        try
        {
            return new NpgsqlConnectionStringBuilder(Primary).Host is { Length: > 0 } ? [] : ["Postgres:Primary names no host."];
        }
        catch (ArgumentException)
        {
            // The parser's message may repeat a part of the connection string.
            return ["Postgres:Primary is not an Npgsql connection string."];
        }
    }
}
