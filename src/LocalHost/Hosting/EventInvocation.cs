using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>An invocation by a timer, by the start of the app or by hand.</summary>
internal sealed class EventInvocation(HostedFunction function, IServiceProvider services, TimerInfo timer, CancellationToken cancellationToken)
    : Invocation(function)
{
    public TimerInfo Timer { get; } = timer;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    public override BindingContext BindingContext => NoBindingData.Instance;

    private sealed class NoBindingData : BindingContext
    {
        public static readonly NoBindingData Instance = new();

        public override IReadOnlyDictionary<string, object?> BindingData => ImmutableDictionary<string, object?>.Empty;
    }
}
