using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Diagnosis;

namespace TByte.Functions.Maintenance;

/// <summary>Looks for what makes the shop slow, and says why.</summary>
public sealed class DiagnoseShop(DiagnosisJob job)
{
    /// <summary>Runs by the schedule in the setting <c>DiagnoseShopSchedule</c>; running it twice does no harm.</summary>
    [Function(nameof(DiagnoseShop))]
    public Task RunAsync([TimerTrigger("%DiagnoseShopSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        job.RunAsync(timer.IsPastDue, cancellationToken);
}
