using System;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function app: its name, the namespace of its function classes, and what composes it.</summary>
internal sealed record FunctionAppDefinition(string Name, string Namespace, Action<FunctionsApplicationBuilder> Compose)
{
    /// <summary>The assembly that holds the function classes.</summary>
    public Assembly Assembly { get; init; } = typeof(FunctionAppDefinition).Assembly;
}
