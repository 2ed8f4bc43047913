using System.Runtime.ExceptionServices;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>How a load went.</summary>
/// <param name="Sending">How long was sent, warm-up included.</param>
/// <param name="EndedEarly">Whether it was told to end.</param>
internal sealed record LoadRun(TimeSpan Sending, bool EndedEarly);

/// <summary>Sends requests at a fixed rate, whether or not those before are answered, up to a bound.</summary>
internal sealed class TargetLoad(LoadOptions options, TargetClient client, RequestMix mix, Tally tally)
{
    private Exception? _fault;

    /// <summary>Returns when everything that was sent has come to an end.</summary>
    public async Task<LoadRun> RunAsync(CommandStop stop)
    {
        TimeSpan duration = options.WarmUp + TimeSpan.FromSeconds(options.Seconds);
        using SemaphoreSlim places = new(options.MostUnderWay);
        TimeSpan sending = duration;
        try
        {
            int rush = (int)(options.Rate * options.Rush * options.WarmUp.TotalSeconds);
            int measured = (int)(options.Rate * options.Seconds);
            await OpenLoop.PaceAsync(rush + measured, number => DueAt(number, rush), request => Begin(request, places, stop.Waiting), stop.Sending);
        }
        catch (OperationCanceledException) when (stop.Sending.IsCancellationRequested)
        {
            sending = tally.LastDue;
        }

        for (int i = 0; i < options.MostUnderWay; i++)
            await places.WaitAsync(CancellationToken.None);
        // A request that is missing from the book must not go unnoticed.
        if (_fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        return new LoadRun(sending, sending < duration);
    }

    private TimeSpan DueAt(int number, int rush) => number < rush
        ? TimeSpan.FromSeconds(number / (options.Rate * options.Rush))
        : options.WarmUp + TimeSpan.FromSeconds((number - rush) / options.Rate);

    private void Begin(DueRequest due, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        ShopRequest request = mix.Draw(due.Number);
        tally.LastDue = due.At;
        if (places.Wait(0, CancellationToken.None))
            _ = Task.Run(() => SendAsync(due, request, places, cancellationToken), CancellationToken.None);
        else
            tally.Add(new Reading(request.Kind, due.At, default, default, Answer.NotSent));
    }

    private async Task SendAsync(DueRequest due, ShopRequest request, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan delay = due.Late;
            Answer answer = await client.SendAsync(request, cancellationToken);
            tally.Add(new Reading(request.Kind, due.At, delay, due.Late, answer));
        }
        catch (OperationCanceledException)
        {
            tally.AddAbandoned(due.At);
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
        finally
        {
            places.Release();
        }
    }
}
