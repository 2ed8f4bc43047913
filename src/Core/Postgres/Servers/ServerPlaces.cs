namespace TByte.Functions.Postgres;

/// <summary>What a query takes the place of.</summary>
internal enum PlaceKind
{
    /// <summary>Anything that belongs on this server.</summary>
    Own,

    /// <summary>A read on the primary that belongs on a replica: one of <see cref="PostgresOptions.PrimaryReads"/>, or none at all.</summary>
    InsteadOfReplica,
}

/// <summary>Bounds the queries of one server. A place is held until its query has ended, whoever still waits for it.</summary>
internal sealed class ServerPlaces(int max, int insteadOfReplica) : IDisposable
{
    private readonly SemaphoreSlim _all = new(max);
    private readonly SemaphoreSlim _insteadOfReplica = new(insteadOfReplica, Math.Max(1, insteadOfReplica));
    private int _waiting;

    public int Max => max;

    /// <summary>Whether a read that belongs on a replica would find a place at this moment.</summary>
    public bool HasRoomInsteadOfReplica => _insteadOfReplica.CurrentCount > 0;

    public int Taken => max - _all.CurrentCount;

    /// <summary>Queries that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Waits for a place; does not wait behind queries that a broken server may never answer. Half of the time at most: what was
    /// spent waiting here must not make a query look as if the server had not answered it.
    /// </summary>
    /// <exception cref="DatabaseBusyException">There is none in time.</exception>
    public async ValueTask<Place> TakeAsync(PlaceKind kind, Deadline deadline, Func<bool> isBroken, CancellationToken cancellationToken)
    {
        // At once or not at all: reads that queued here would hold up each other and what belongs on this server.
        if (kind == PlaceKind.InsteadOfReplica && !_insteadOfReplica.Wait(0, CancellationToken.None))
            throw new DatabaseBusyException("No replica can be used, and the reads that the primary may take meanwhile are all under way.");

        try
        {
            if (!_all.Wait(0, CancellationToken.None) && (isBroken() || !await WaitAsync(deadline.Left / 2, cancellationToken).ConfigureAwait(false)))
                throw new DatabaseBusyException("All connections of this instance to the database are in use.");
        }
        catch when (kind == PlaceKind.InsteadOfReplica)
        {
            _insteadOfReplica.Release();
            throw;
        }

        return new Place(this, kind);
    }

    public void Dispose()
    {
        _all.Dispose();
        _insteadOfReplica.Dispose();
    }

    private async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await _all.WaitAsync(most, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Release(PlaceKind kind)
    {
        _all.Release();
        if (kind == PlaceKind.InsteadOfReplica)
            _insteadOfReplica.Release();
    }

    /// <summary>A place that was taken; disposing of it gives it back, unless it was handed over.</summary>
    public sealed class Place(ServerPlaces places, PlaceKind kind) : IDisposable
    {
        private ServerPlaces? _places = places;

        /// <summary>Leaves the place to a query that may outlive the caller.</summary>
        public Place HandOver() => new(Interlocked.Exchange(ref _places, null)!, kind);

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release(kind);
    }
}
