using System;
using System.Buffers.Binary;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function that is ready to be called.</summary>
internal sealed class HostedFunction(FunctionEntry entry, Func<Invocation, Task> call)
{
    private readonly long _series = BinaryPrimitives.ReadInt64LittleEndian(Guid.NewGuid().ToByteArray());
    private long _invocations;

    public FunctionEntry Entry { get; } = entry;

    public LocalFunctionDefinition Definition { get; } = new(entry);

    /// <summary>The name of its invocations' spans.</summary>
    public string SpanName { get; } = $"function {entry.Name}";

    /// <summary>An id that no other invocation has. Random only at the start: to ask the kernel each time costs more than the whole span.</summary>
    public string NextInvocationId()
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(id, _series);
        BinaryPrimitives.WriteInt64BigEndian(id[sizeof(long)..], Interlocked.Increment(ref _invocations));
        return new Guid(id).ToString();
    }

    /// <summary>Makes the instance, calls the method and keeps what it returned in the invocation.</summary>
    public Func<Invocation, Task> Call { get; } = call;
}
