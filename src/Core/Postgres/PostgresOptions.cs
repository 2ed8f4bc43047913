using Npgsql;
using TByte.Functions.Configuration;

namespace TByte.Functions.Postgres;

/// <summary>
/// Section <c>Postgres</c>. All instances together must fit each server:
/// instances × (<see cref="MaxPoolSize"/> + 1 for the prober) ≤ <c>max_connections</c> less what superusers and other apps keep.
/// </summary>
public sealed record PostgresOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Postgres";

    /// <summary>Npgsql connection string of the primary; its pool and time-out settings are replaced by the ones here.</summary>
    public string Primary { get; init; } = "";

    /// <summary>Npgsql connection strings of the streaming replicas, at most 5. Without any the primary serves every read.</summary>
    public IReadOnlyList<string> Replicas { get; init; } = [];

    /// <summary>
    /// A replica that is further behind the primary is not read. Shorter than the minute for which the position of a write is kept.
    /// </summary>
    public TimeSpan MaxReplicaLag { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads that the primary takes at once while there are replicas and none can be used; the rest fail at once.</summary>
    public int PrimaryReads { get; init; } = 10;

    /// <summary>How often each server is asked where it is.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A server that gives no answer to a probe for this long is not read until it does.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a read waits for one replica while there is another one to turn to.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Share of the reads that may ask a second replica because the first is slow; 0 turns that off.</summary>
    public double HedgeShare { get; init; } = 0.02;

    /// <summary>Connections kept open, of each server.</summary>
    public int MinPoolSize { get; init; } = 10;

    /// <summary>Connections at most, to each server; queries that nobody waits for any more count until the server has ended them.</summary>
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
        .. ConnectionProblems("Postgres:Primary", Primary),
        .. ReplicaProblems(),
        .. SettingBounds.Between("Postgres:MaxReplicaLag", MaxReplicaLag, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
        .. SettingBounds.Between("Postgres:PrimaryReads", PrimaryReads, 0, 1_000),
        .. SettingBounds.Between("Postgres:ProbeInterval", ProbeInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10)),
        .. SettingBounds.Between("Postgres:ProbeTimeout", ProbeTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10)),
        .. SettingBounds.Between("Postgres:AttemptTimeout", AttemptTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:HedgeShare", HedgeShare, 0.0, 0.1),
        .. SettingBounds.Between("Postgres:MaxPoolSize", MaxPoolSize, 1, 1_000),
        .. SettingBounds.Between("Postgres:MinPoolSize", MinPoolSize, 0, MaxPoolSize),
        .. SettingBounds.Between("Postgres:IdleLifetime", IdleLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. SettingBounds.Between("Postgres:ConnectTimeout", ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:ReadBudget", ReadBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:WriteBudget", WriteBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Postgres:StatementTimeout", StatementTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
    ];

    /// <summary>How the pool of a server connects.</summary>
    internal string PoolTo(string server) => new NpgsqlConnectionStringBuilder(WithoutGssEncryption + server)
    {
        ApplicationName = "tbyte-functions",
        Pooling = true,
        MinPoolSize = MinPoolSize,
        MaxPoolSize = MaxPoolSize,
        ConnectionIdleLifetime = (int)IdleLifetime.TotalSeconds,
        ConnectionPruningInterval = Math.Max(1, (int)IdleLifetime.TotalSeconds / 3),
        Timeout = (int)ConnectTimeout.TotalSeconds,
        CommandTimeout = LastResort,
        // Npgsql's own keep-alive would ask over every idle connection, each holding a thread of the pool until the server answers: when
        // servers hang, requests that need no database would find no thread. The kernel asks without one.
        TcpKeepAlive = true,
        TcpKeepAliveTime = 10,
        MaxAutoPrepare = 32,
        Options = $"-c statement_timeout={(long)StatementTimeout.TotalMilliseconds}",
    }.ConnectionString;

    /// <summary>How the prober of a server connects.</summary>
    internal static string ProbeTo(string server) => new NpgsqlConnectionStringBuilder(WithoutGssEncryption + server)
    {
        ApplicationName = "tbyte-functions-probe",
        Pooling = false,
        // Npgsql's own time-out dooms a connection for seconds before it ends it; the server's answer in that time would be lost.
        Timeout = LastResort,
        CommandTimeout = LastResort,
        TcpKeepAlive = true,
    }.ConnectionString;

    // Npgsql's own time-out cancels over a second connection and blocks while the server hangs. The server's
    // statement_timeout ends what it can; this is only for a server that is gone for good.
    internal const int LastResort = 30;

    // While it is preferred, which is Npgsql's default, every connection that has failed or timed out is begun once more without it: a
    // hung server is then left with twice as many. In front, so that a connection string that asks for it gets it.
    private const string WithoutGssEncryption = "GSS Encryption Mode=Disable;";

    private const int MostReplicas = 5;

    private IEnumerable<string> ReplicaProblems() =>
    [
        .. Replicas.Count > MostReplicas ? [$"Postgres:Replicas has {Replicas.Count} servers; at most {MostReplicas} are used."] : Array.Empty<string>(),
        .. Replicas.SelectMany(static (replica, i) => ConnectionProblems($"Postgres:Replicas:{i}", replica)),
    ];

    /// <summary>Whether it is a connection string, and names a server.</summary>
    internal static bool IsConnection(string connectionString) => !ConnectionProblems("", connectionString).Any();

    private static IEnumerable<string> ConnectionProblems(string setting, string connectionString)
    {
        if (connectionString.Length == 0)
            return [$"{setting} is empty; it must be the connection string of a server."];

        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } ? [] : [$"{setting} names no host."];
        }
        catch (ArgumentException)
        {
            // The parser's message may repeat a part of the connection string.
            return [$"{setting} is not an Npgsql connection string."];
        }
    }
}
