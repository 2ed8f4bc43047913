using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function once on each new instance, before it takes traffic.</summary>
public sealed class WarmupTrigger : TriggerBindingAttribute;
