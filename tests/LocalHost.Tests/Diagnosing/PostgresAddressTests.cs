using Npgsql;
using TByte.Functions.LocalHost.Diagnosing;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Tests.Diagnosing;

public sealed class PostgresAddressTests
{
    private const string Secret = "S3cret";

    [Theory]
    [InlineData("postgresql://ada:S3cret@db.example:6432/shop", "db.example", 6432, "shop", "ada", "S3cret")]
    [InlineData("postgres://ada:S3cret@127.0.0.1/shop", "127.0.0.1", 5432, "shop", "ada", "S3cret")]
    [InlineData("POSTGRESQL://ada@[::1]:5433/shop", "::1", 5433, "shop", "ada", null)]
    [InlineData("postgresql://a%40b:p%3A%2F%23%3B%27%22%25@h/my%20shop", "h", 5432, "my shop", "a@b", "p:/#;'\"%")]
    [InlineData("postgresql://ada:a:b@h", "h", 5432, null, "ada", "a:b")]
    [InlineData("Host=h;Port=6432;Database=shop;Username=ada;Password=S3cret", "h", 6432, "shop", "ada", "S3cret")]
    public void Reads_both_forms(string text, string host, int port, string? database, string user, string? password)
    {
        NpgsqlConnectionStringBuilder read = new(PostgresAddress.Parse("--postgres", text));

        Assert.Equal((host, port, database, user, password), (read.Host, read.Port, read.Database, read.Username, read.Password));
        Assert.DoesNotContain(password ?? Secret, PostgresAddress.Describe(read.ConnectionString), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_parameters_as_libpq_names_them()
    {
        NpgsqlConnectionStringBuilder read = new(PostgresAddress.Parse(
            "--postgres", "postgresql://ada@h/shop?sslmode=verify-full&application_name=diagnosis&connect_timeout=3&options=-c%20search_path%3Dx"));

        Assert.Equal((SslMode.VerifyFull, "diagnosis", 3, "-c search_path=x"), (read.SslMode, read.ApplicationName, read.Timeout, read.Options));
    }

    [Theory]
    [InlineData("")]
    [InlineData("S3cret")]
    [InlineData("Password=S3cret")]
    [InlineData("Host=h;Password=\"S3cret")]
    [InlineData("Host=h;Nonsense=S3cret")]
    [InlineData("Host=h;Port=S3cret")]
    [InlineData("Host=h;Port=99999999999;Password=S3cret")]
    [InlineData("mysql://ada:S3cret@h/shop")]
    [InlineData("postgresql://")]
    [InlineData("postgresql:///shop?password=S3cret")]
    [InlineData("postgresql://ada:S3cret@h1:1,h2:2/shop")]
    [InlineData("postgresql://ada:S3cret#x@h/shop")]
    [InlineData("postgresql://ada:S3cret/x@h/shop")]
    [InlineData("postgresql://ada:S3cret@h:port/shop")]
    [InlineData("postgresql://ada:S3cret@h/shop/more")]
    [InlineData("postgresql://ada@h/shop?S3cret=1")]
    [InlineData("postgresql://ada@h/shop?sslmode=S3cret")]
    [InlineData("postgresql://ada@h/shop?connect_timeout=S3cret")]
    [InlineData("postgresql://ada@h/shop?connect_timeout=1&connect_timeout=S3cret")]
    public void What_is_neither_is_told_without_its_secret(string text)
    {
        UsageException misuse = Assert.Throws<UsageException>(() => PostgresAddress.Parse("--replica", text));

        Assert.StartsWith("--replica ", misuse.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, misuse.ToString().Replace(nameof(What_is_neither_is_told_without_its_secret), "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }
}
