using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A process that can be watched, and started again when it has ended.</summary>
internal interface ISupervised : IAsyncDisposable
{
    /// <summary>Completes with the exit code when the process has ended, however that came.</summary>
    Task<int> Exited { get; }

    /// <summary>The last lines it wrote.</summary>
    IReadOnlyList<string> Tail { get; }

    /// <summary>Starts it again, on the same port and data.</summary>
    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Ends it at once (SIGKILL).</summary>
    Task KillAsync();
}
