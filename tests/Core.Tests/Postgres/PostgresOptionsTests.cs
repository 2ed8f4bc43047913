using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres;

public sealed class PostgresOptionsTests
{
    private static readonly PostgresOptions Valid = new() { Primary = "Host=a", Replicas = ["Host=b", "Host=c"] };

    [Fact]
    public void Replicas_may_be_left_out() => Assert.All([Valid, Valid with { Replicas = [] }], options => Assert.Empty(options.Problems()));

    [Theory]
    [InlineData("")]
    [InlineData("Password=secret")]
    [InlineData("Host=b;Nonsense=secret")]
    public void The_wrong_replica_is_named_and_not_repeated(string replica)
    {
        string problem = Assert.Single((Valid with { Replicas = ["Host=b", replica] }).Problems());

        Assert.StartsWith("Postgres:Replicas:1 ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    /// <summary>While it is preferred, Npgsql begins every connection that fails a second time.</summary>
    [Theory]
    [InlineData("Host=b", GssEncryptionMode.Disable)]
    [InlineData("Host=b;Gss Encryption Mode=Require", GssEncryptionMode.Require)]
    public void Connections_are_not_encrypted_by_Kerberos_unless_they_are_meant_to(string server, GssEncryptionMode mode) =>
        Assert.All(
            [Valid.PoolTo(server), PostgresOptions.ProbeTo(server)],
            connection => Assert.Equal(mode, new NpgsqlConnectionStringBuilder(connection).GssEncryptionMode));

    /// <summary>Npgsql's own keep-alive waits for its answer on a thread of the pool, of which an instance with one processor has one.</summary>
    [Fact]
    public void Idle_connections_are_kept_alive_by_the_kernel_and_hold_no_thread()
    {
        NpgsqlConnectionStringBuilder pool = new(Valid.PoolTo("Host=b"));

        Assert.Equal((0, true, 10), (pool.KeepAlive, pool.TcpKeepAlive, pool.TcpKeepAliveTime));
    }

    [Fact]
    public void There_are_five_replicas_at_most()
    {
        string problem = Assert.Single((Valid with { Replicas = [.. Enumerable.Repeat("Host=b", 6)] }).Problems());

        Assert.Equal("Postgres:Replicas has 6 servers; at most 5 are used.", problem);
    }
}
