namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>The shop's indexes but those of its constraints: the incident had none of them.</summary>
internal sealed class SecondaryIndexes(IncidentServers servers)
{
    private const string Filter =
        "c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid)";

    private const string Sql =
        $"select quote_ident(c.relname), pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid where {Filter}";

    private IReadOnlyList<(string Name, string Definition)> _dropped = [];

    /// <summary>Makes or drops them, and waits until the replicas have done so too.</summary>
    public async Task SetAsync(bool exist, CancellationToken cancellationToken)
    {
        if (exist == (_dropped.Count == 0))
            return;
        if (exist)
        {
            await servers.ExecuteAsync(string.Join(';', _dropped.Select(static index => index.Definition)), cancellationToken);
            _dropped = [];
        }
        else
        {
            _dropped = await IncidentServers.QueryAsync(
                servers.Postgres.Primary, Sql, static row => (row.GetString(0), row.GetString(1)), cancellationToken);
            await servers.ExecuteAsync(string.Join(';', _dropped.Select(static index => $"drop index {index.Name}")), cancellationToken);
        }

        await servers.CatchUpAsync(cancellationToken);
    }
}
