using System.Reflection;

namespace TByte.Functions.Diagnosis.Tests.Rules;

/// <summary>The names of all rules, as they are declared.</summary>
internal static class RuleNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(RuleBook).Assembly.GetTypes()
            .Where(static type => type.Namespace == typeof(RuleBook).Namespace && (type.Name.EndsWith("Rules", StringComparison.Ordinal) || type.Name.EndsWith("Rule", StringComparison.Ordinal)))
            .SelectMany(static type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(static field => field is { IsLiteral: true } && field.FieldType == typeof(string))
            .Select(static field => (string)field.GetRawConstantValue()!),
    ];
}
