using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The functions of an app, found as the Functions SDK finds them.</summary>
internal static class FunctionCatalog
{
    public static IReadOnlyList<FunctionEntry> Discover(FunctionAppDefinition app)
    {
        string prefix = HostJson.ReadRoutePrefix(app.Name);
        List<FunctionEntry> functions = [];
        foreach (Type type in app.Assembly.GetTypes().Where(type => IsIn(type, app.Namespace)))
        {
            foreach (MethodInfo method in type.GetMethods(Declared))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                    functions.Add(Describe(app.Name, function.Name, method, prefix));
            }
        }

        ThrowOnSameName(functions);
        functions.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return functions;
    }

    /// <summary>The functions of several apps, a line each, in a stable order.</summary>
    public static IReadOnlyList<string> List(IEnumerable<FunctionAppDefinition> apps) =>
        [.. apps.SelectMany(Discover).Select(function => function.ToString()).Order(StringComparer.Ordinal)];

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static bool IsIn(Type type, string ns) =>
        type.Namespace is { } own && own.StartsWith(ns, StringComparison.Ordinal) && (own.Length == ns.Length || own[ns.Length] == '.');

    private static FunctionEntry Describe(string app, string name, MethodInfo method, string prefix)
    {
        Type type = method.DeclaringType!;
        if (!type.IsPublic || !method.IsPublic)
            throw Invalid(app, name, $"{type.FullName}.{method.Name} must be a public method of a public class that is not nested");

        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<TriggerBindingAttribute>() is not { } attribute)
                continue;
            Trigger trigger = attribute switch
            {
                HttpTriggerAttribute http =>
                    new Trigger.Http($"{prefix}/{http.Route ?? name}".TrimStart('/'), http.Methods ?? [], http.AuthLevel),
                TimerTriggerAttribute timer => new Trigger.Timer(timer.Schedule, timer.RunOnStartup),
                WarmupTrigger when !name.Equals("Warmup", StringComparison.OrdinalIgnoreCase) =>
                    throw Invalid(app, name, "a function with a warm-up trigger must be named Warmup"),
                WarmupTrigger => new Trigger.Warmup(),
                _ => throw Invalid(app, name, $"{attribute.GetType().Name} is not supported"),
            };
            return new FunctionEntry(app, name, trigger, method, parameter);
        }

        throw Invalid(app, name, "no parameter has a trigger");
    }

    private static void ThrowOnSameName(List<FunctionEntry> functions)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (FunctionEntry function in functions)
        {
            if (!names.Add(function.Name))
                throw Invalid(function.App, function.Name, "another function has the same name");
        }
    }

    private static InvalidOperationException Invalid(string app, string function, string why) =>
        new($"{app}, function {function}: {why}.");
}
