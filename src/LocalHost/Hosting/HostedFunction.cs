using System;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function that is ready to be called.</summary>
internal sealed class HostedFunction(FunctionEntry entry, Func<Invocation, Task> call)
{
    public FunctionEntry Entry { get; } = entry;

    public LocalFunctionDefinition Definition { get; } = new(entry);

    /// <summary>The name of its invocations' spans.</summary>
    public string SpanName { get; } = $"function {entry.Name}";

    /// <summary>Makes the instance, calls the method and keeps what it returned in the invocation.</summary>
    public Func<Invocation, Task> Call { get; } = call;
}
