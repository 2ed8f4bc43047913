using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.Testing;

/// <summary>Bearer tokens that apps accept which were started with <see cref="Settings"/>.</summary>
public static class TestToken
{
    public const string CatalogWrite = "catalog.write";
    public const string OrdersRead = "orders.read";
    public const string ReportsRead = "reports.read";

    private static readonly LocalTokens Trusted = new(new byte[32], TimeProvider.System);
    private static readonly LocalTokens Strange = new([.. Enumerable.Repeat((byte)1, 32)], TimeProvider.System);

    public static IReadOnlyDictionary<string, string?> Settings => Trusted.Settings;

    public static string ForUser(long id) => Trusted.Create(id, [], TimeSpan.FromHours(1));

    public static string WithRoles(params string[] roles) => Trusted.Create(userId: null, roles, TimeSpan.FromHours(1));

    /// <summary>Expired longer ago than any clock skew.</summary>
    public static string Expired(long id) => Trusted.Create(id, [], TimeSpan.FromHours(-1));

    /// <summary>Signed with another key.</summary>
    public static string Forged(long id, params string[] roles) => Strange.Create(id, roles, TimeSpan.FromHours(1));
}
