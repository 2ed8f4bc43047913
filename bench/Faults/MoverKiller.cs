using Npgsql;
using TByte.Functions.Views;

namespace TByte.Functions.Faults;

/// <summary>At which moments the app was killed that moves views.</summary>
/// <param name="BeforeCommit">What it was about to count was not counted.</param>
/// <param name="BeforeRemoval">It was counted, and still in the queue.</param>
/// <param name="Later">It was counted and removed.</param>
internal readonly record struct MoverKills(int BeforeCommit, int BeforeRemoval, int Later)
{
    public int All => BeforeCommit + BeforeRemoval + Later;
}

/// <summary>Kills the app that moves views again and again, a random moment after it has begun a transaction, and starts it again.</summary>
internal sealed class MoverKiller(ViewFleet fleet)
{
    private const string QueueKey = "tb:{views}:queue";

    // Only one that counts views takes such a lock.
    private const string IsMovingSql = """
        select exists (
            select from pg_locks
            where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database()))
        """;

    // About as long as a move takes, so that all of its moments come up.
    private const int LatestKill = 80;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the app runs and is to be killed no more.</summary>
    public async Task<MoverKills> RunAsync(CancellationToken until, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(fleet.Database + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand isMoving = new(IsMovingSql, connection);
        await isMoving.PrepareAsync(cancellationToken);
        MoverKills kills = default;
        while (!until.IsCancellationRequested)
        {
            if (!(bool)(await isMoving.ExecuteScalarAsync(cancellationToken))!)
            {
                await Task.Delay(LookInterval, cancellationToken);
                continue;
            }

            string? first = await FirstAsync();
            await Task.Delay(Random.Shared.Next(LatestKill), cancellationToken);
            await fleet.Mover.KillAsync();
            kills = await WithMomentAsync(kills, first, cancellationToken);
            await ViewFleet.StartAgainAsync(fleet.Mover, cancellationToken);
            await Task.Delay(Pause, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return kills;
    }

    /// <summary>How many batches wait to be moved.</summary>
    public static Task<long> WaitingAsync(ViewFleet fleet) => fleet.Redis.ListLengthAsync(QueueKey);

    private async Task<MoverKills> WithMomentAsync(MoverKills kills, string? first, CancellationToken cancellationToken)
    {
        string? firstNow = await FirstAsync();
        if (firstNow is null || firstNow != first)
            return kills with { Later = kills.Later + 1 };

        ViewBatch batch = ViewBatch.Parse(firstNow)!;
        Dictionary<string, long> counted = await fleet.QueryAsync<string>("select sender, last_sequence from view_batches", cancellationToken);
        return counted.GetValueOrDefault(batch.Sender) >= batch.Sequence
            ? kills with { BeforeRemoval = kills.BeforeRemoval + 1 }
            : kills with { BeforeCommit = kills.BeforeCommit + 1 };
    }

    private async Task<string?> FirstAsync() => await fleet.Redis.ListGetByIndexAsync(QueueKey, 0);
}
