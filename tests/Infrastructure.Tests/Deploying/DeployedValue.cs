using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>Replaces what Azure knows only after the deployment, such as the id of an identity, by a value of the same shape.</summary>
internal static partial class DeployedValue
{
    /// <param name="value">A value of a snapshot; an expression of the template language in brackets, or itself.</param>
    public static string Of(string value)
    {
        if (!value.StartsWith('[') || !value.EndsWith(']'))
            return value;

        string known = Reference().Replace(value[1..^1], static match => $"'{Property(match.Groups["id"].Value, match.Groups["property"].Value)}'")
            .Replace("environment().authentication.loginEndpoint", "'https://login.example/'", StringComparison.Ordinal)
            .Replace("environment().suffixes.storage", "'core.example'", StringComparison.Ordinal);
        // From the inside out: an argument may be an expression, too.
        while (Format().Match(known) is { Success: true } format)
            known = $"{known[..format.Index]}'{Formatted(format)}'{known[(format.Index + format.Length)..]}";
        return known.Length > 1 && known[0] == '\'' && known.IndexOf('\'', 1) == known.Length - 1
            ? known[1..^1]
            : throw new InvalidOperationException($"'{value}' is an expression that this test does not know.");
    }

    private static string Formatted(Match format) => format.Groups["argument"].Captures.Index().Aggregate(
        format.Groups["pattern"].Value,
        static (text, argument) => text.Replace($"{{{argument.Index}}}", argument.Item.Value, StringComparison.Ordinal));

    private static string Property(string id, string property) => property switch
    {
        "clientId" or "principalId" => "22222222-2222-2222-2222-222222222222",
        "hostName" or "fullyQualifiedDomainName" or "defaultHostName" => $"{id.Split('/')[^1]}.example",
        "primaryEndpoints.blob" => $"https://{id.Split('/')[^1]}.blob.example/",
        "ConnectionString" => "InstrumentationKey=33333333-3333-3333-3333-333333333333;IngestionEndpoint=https://ingestion.example/",
        "sslPort" => "6380",
        _ => throw new InvalidOperationException($"'{property}' of {id} is not known."),
    };

    [GeneratedRegex(@"reference\('(?<id>[^']+)', '[^']+'\)\.(?<property>[\w.]+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"format\('(?<pattern>[^']*)'(, '(?<argument>[^']*)')*\)")]
    private static partial Regex Format();
}
