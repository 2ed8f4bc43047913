using System.Reflection;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What types do not catch: every rule holds in every environment.</summary>
public sealed class RuleTests(Deployments deployments)
{
    /// <summary>Every rule there is, by name.</summary>
    internal static IReadOnlyDictionary<string, Func<Deployment, IEnumerable<string>>> Rules { get; } = typeof(RuleTests).Assembly.GetTypes()
        .Where(static type => type.Name.EndsWith("Rules", StringComparison.Ordinal))
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(static method => method.ReturnType == typeof(IEnumerable<string>) && method.GetParameters() is [{ ParameterType: var only }] && only == typeof(Deployment))
        .ToDictionary(static method => $"{method.DeclaringType!.Name}.{method.Name}", static method => method.CreateDelegate<Func<Deployment, IEnumerable<string>>>());

    public static TheoryData<string> Names() => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Holds_in_every_environment(string rule)
    {
        foreach (string name in Deployments.Cases.Where(name => name != "classic" || rule != ManagedRedis))
            Assert.Empty(Rules[rule](await deployments.Of(name)).Select(problem => $"{name}: {problem}"));
    }

    private const string ManagedRedis = $"{nameof(RedisRules)}.{nameof(RedisRules.A_new_deployment_has_managed_redis)}";
}
