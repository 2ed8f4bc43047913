using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>
/// Lets a few calls at a time open a connection; the others wait until one is given back or it is their turn. Else every call that
/// a hung server keeps waiting would begin a connection of its own, and the server, once it goes on, starts a process for each of
/// them, though nobody wants it any more, before it lets in anybody new.
/// </summary>
internal sealed class OpeningLimit(NpgsqlDataSource source, int most, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<Turn>> _waiting = new();
    private int _opening;

    // Npgsql does not say how many it has. It may have closed some of these.
    private int _idle;

    private enum Turn
    {
        TakeIdle,
        Open,
    }

    /// <summary>A connection of the pool's; <see cref="GaveBack"/> is to be told when it is disposed of.</summary>
    /// <exception cref="TimeoutException">The turn has not come in time.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached, or does not let this app in.</exception>
    public async Task<NpgsqlConnection> OpenAsync(Deadline deadline)
    {
        Turn turn = await TakeTurnAsync(deadline).ConfigureAwait(false);
        ValueTask<NpgsqlConnection> connection = source.OpenConnectionAsync(CancellationToken.None);
        if (turn == Turn.TakeIdle && !connection.IsCompleted)
            turn = NoneIsIdle();
        try
        {
            return await connection.ConfigureAwait(false);
        }
        finally
        {
            if (turn == Turn.Open)
                EndOpening();
        }
    }

    /// <summary>The pool has one connection more to give.</summary>
    public void GaveBack()
    {
        lock (_lock)
        {
            if (!GiveTurn(Turn.TakeIdle))
                _idle++;
        }
    }

    private async ValueTask<Turn> TakeTurnAsync(Deadline deadline)
    {
        TaskCompletionSource<Turn> turn;
        lock (_lock)
        {
            if (_idle > 0)
            {
                _idle--;
                return Turn.TakeIdle;
            }

            if (_opening < most)
            {
                _opening++;
                return Turn.Open;
            }

            turn = new TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        try
        {
            return await turn.Task.WaitAsync(deadline.Left, time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!turn.TrySetCanceled())
        {
            // It came at the last moment, and would be lost to the others.
            return await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>The pool opens one instead of giving one. One more than the limit, perhaps, but no further ones.</summary>
    private Turn NoneIsIdle()
    {
        lock (_lock)
        {
            _idle = 0;
            _opening++;
        }

        return Turn.Open;
    }

    private void EndOpening()
    {
        lock (_lock)
        {
            _opening--;
            if (_opening < most && GiveTurn(Turn.Open))
                _opening++;
        }
    }

    private bool GiveTurn(Turn turn)
    {
        while (_waiting.TryDequeue(out TaskCompletionSource<Turn>? next))
        {
            // Else it has left.
            if (next.TrySetResult(turn))
                return true;
        }

        return false;
    }
}
