using Npgsql;

namespace TByte.Functions.WarmStart;

/// <summary>
/// Replays a trace and, at points of it, loses all that is cached, once for each variant: Redis is flushed and warmed, a new fleet
/// started, and the next reads are made on it. They are made again, and counted, when the replay goes on.
/// </summary>
internal sealed class RestartRun(IReadOnlyList<ProductRead> reads, MeasurementPlan plan, Backends backends, Action<string> said)
{
    private readonly List<Restart> _restarts = [];

    public async Task<Measurement> RunAsync(CancellationToken cancellationToken)
    {
        await QueryAsync("update products set view_count = 0", cancellationToken);
        await using WarmupInstance warmup = await WarmupInstance.StartAsync(backends, cancellationToken);
        await using Replay replay = await Replay.StartAsync(reads, MeasurementPlan.Instances, backends, warmup, cancellationToken);
        int point = 0;
        foreach (int position in plan.Positions(reads.Count))
        {
            await replay.ReadToAsync(position, cancellationToken);
            foreach (Variant variant in plan.Variants)
                _restarts.Add(await RestartAsync(variant, position, warmup, cancellationToken));
            said($"{++point} of {plan.Points}: restarted after {position:N0} reads, on {reads[position].At:yyyy-MM-dd}");
        }

        await replay.ReadToAsync(reads.Count, cancellationToken);
        long views = (long)(await QueryAsync("select sum(view_count)::bigint from products", cancellationToken))!;
        return new Measurement(_restarts, reads.Count, views);
    }

    private async Task<Restart> RestartAsync(Variant variant, int position, WarmupInstance warmup, CancellationToken cancellationToken)
    {
        await backends.Redis.FlushAsync(cancellationToken);
        int warmed = await variant.WarmAsync(warmup.Warmer, cancellationToken);
        await using MeasuredFleet fleet = await MeasuredFleet.StartAsync(MeasurementPlan.Instances, backends, cancellationToken);
        ReadLog log = await fleet.ReadAsync(reads.Skip(position).Take(plan.Reads), cancellationToken);
        RestartedInstance? alone = variant == plan.Alone ? await RestartOneAsync(fleet, position + plan.Reads, cancellationToken) : null;
        return new Restart(variant, warmed, log, alone, fleet.LoadedAgain);
    }

    private async Task<RestartedInstance> RestartOneAsync(MeasuredFleet fleet, int position, CancellationToken cancellationToken)
    {
        const int Instances = MeasurementPlan.Instances;
        int warmed = await fleet.RestartFirstAsync(cancellationToken);
        ReadLog log = await fleet.ReadAsync(reads.Skip(position).Take(Instances * plan.Reads), cancellationToken);
        return new RestartedInstance(
            warmed, log.Of(static instance => instance == 0, Instances), log.Of(static instance => instance != 0, Instances));
    }

    private async Task<object?> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(backends.Database + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
