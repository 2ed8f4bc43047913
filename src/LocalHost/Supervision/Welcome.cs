using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>What is printed when everything runs: where things are, and lines to try.</summary>
internal sealed class Welcome(RunOptions options, Backing backing, LocalTokens tokens)
{
    private static readonly string[] OperatorRoles = ["catalog.write", "orders.read", "reports.read"];
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(12);

    public async Task<string> WriteAsync(TimeSpan startedIn, CancellationToken cancellationToken)
    {
        long? customer = await CustomerAsync(cancellationToken);
        string api = $"http://127.0.0.1:{options.Port}/api";
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"\nReady after {startedIn.TotalSeconds:0.0} s. Ctrl-C stops everything.\n");
        foreach ((string name, string place) in Places())
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-12}{place}");

        text.AppendLine(CultureInfo.InvariantCulture, $"\n  curl -i {api}/v1/products/1");
        text.AppendLine(CultureInfo.InvariantCulture, $"  curl {api}/ops/status");
        if (customer is { } id)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\nAs customer {id}:\n\n  curl -i {api}/v1/users/{id}/orders -H 'Authorization: Bearer {Token(id)}'");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"\nAs an operator ({string.Join(", ", OperatorRoles)}):\n\n  export TOKEN={Token(null)}");
        return text.ToString();
    }

    private IEnumerable<(string Name, string Place)> Places() =>
    [
        .. Enumerable.Range(0, options.Instances).Select(i => (AppNames.Api(i, options.Instances), $"http://127.0.0.1:{options.Port + i}/api")),
        ("operations", $"http://127.0.0.1:{options.Port}/api/ops, a page"),
        (AppNames.Warmup, $"http://127.0.0.1:{options.WarmupPort}"),
        (AppNames.Maintenance, $"http://127.0.0.1:{options.MaintenancePort}"),
        ("postgres", backing.Postgres),
        .. backing.Replicas.Select((replica, i) => ($"replica-{i + 1}", replica)),
        ("redis", backing.Redis),
        .. backing.Reports is null ? [] : ((string, string)[])[("diagnosis", $"http://127.0.0.1:{options.Port}/api/ops/diagnosis, once there is a report")],
    ];

    private string Token(long? customer) => tokens.Create(customer, customer is null ? OperatorRoles : [], TokenLife);

    /// <summary>One who has ordered something.</summary>
    private async Task<long?> CustomerAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(backing.Postgres + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var query = new NpgsqlCommand("select user_id from orders where user_id is not null order by id desc limit 1", connection);
        return await query.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
