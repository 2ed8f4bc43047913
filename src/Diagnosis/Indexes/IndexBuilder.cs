using System.Runtime.CompilerServices;
using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Builds indexes while the table is read and written. What a build that was killed has left is removed by the next one, or by
/// <see cref="SweepAsync"/>.
/// </summary>
/// <param name="login">To the primary itself, not to a pooler; as a role that owns the tables.</param>
internal sealed class IndexBuilder(ServerLogin login)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a build waits for one transaction to end. Nobody else waits for it meanwhile, but those who alter or vacuum the table.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>While a transaction of the database is older than this, no build is begun.</summary>
    public TimeSpan OldTransaction { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Builds an index; takes as long as that takes.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled. What is left is removed, if that can be done within 15 s.</exception>
    public async Task<IndexBuildResult> BuildAsync(IndexProposal proposal, CancellationToken cancellationToken)
    {
        IndexBuildSession? session = null;
        try
        {
            session = await IndexBuildSession.OpenAsync(login, LockTimeout, cancellationToken).ConfigureAwait(false);
            return await BuildAsync(session, proposal, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException failed)
        {
            await CleanUpAsync(session, proposal).ConfigureAwait(false);
            return new IndexBuildResult(IndexBuildOutcome.Failed, failed is PostgresException server ? server.MessageText : failed.Message);
        }
        catch (OperationCanceledException)
        {
            await CleanUpAsync(session, proposal).ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (session is not null)
                await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Removes what builds that were killed have left; returns the names of these indexes.</summary>
    /// <exception cref="NpgsqlException">The server does not answer, or the role may not.</exception>
    public async Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken)
    {
        IndexBuildSession session = await IndexBuildSession.OpenAsync(login, LockTimeout, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = session.ConfigureAwait(false);
        return await session.RefusalAsync(OldTransaction, cancellationToken).ConfigureAwait(false) is null
            ? await session.SweepAsync(table: null, cancellationToken).ConfigureAwait(false)
            : [];
    }

    private async Task<IndexBuildResult> BuildAsync(IndexBuildSession session, IndexProposal proposal, CancellationToken cancellationToken)
    {
        if (await session.RefusalAsync(OldTransaction, cancellationToken).ConfigureAwait(false) is { } reason)
            return new IndexBuildResult(IndexBuildOutcome.Refused, reason);
        if (await session.HasAsync(proposal, cancellationToken).ConfigureAwait(false))
            return new IndexBuildResult(IndexBuildOutcome.Exists);

        await session.SweepAsync(proposal.Table, cancellationToken).ConfigureAwait(false);
        await session.RunAsync(proposal.Sql, cancellationToken).ConfigureAwait(false);
        return new IndexBuildResult(IndexBuildOutcome.Created);
    }

    // On a new connection when the one that built is gone. If even that fails, the next run does it.
    private async Task CleanUpAsync(IndexBuildSession? session, IndexProposal proposal)
    {
        if (session is not { HasLock: true })
            return;
        using CancellationTokenSource limit = new(CleanUpLimit);
        try
        {
            if (session.IsOpen)
                await session.SweepAsync(proposal.Table, limit.Token).ConfigureAwait(false);
            else
                await SweepAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
        }
    }
}
