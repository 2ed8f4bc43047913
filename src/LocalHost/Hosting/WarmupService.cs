using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace TByte.Functions.LocalHost.Hosting;

internal sealed class WarmupService(EventFunctions functions, TimeSpan timeout) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => functions.WarmUpAsync(timeout, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
