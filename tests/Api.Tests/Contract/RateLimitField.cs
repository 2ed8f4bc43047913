using System.Globalization;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>One item of a <c>RateLimit</c> or <c>RateLimit-Policy</c> field: a string with integers as parameters, by the syntax of RFC 9651.</summary>
internal sealed partial record RateLimitField(string Name, IReadOnlyDictionary<string, long> Parameters)
{
    public long this[string parameter] => Parameters[parameter];

    /// <summary>Reads a list, and fails when it is none.</summary>
    public static IReadOnlyList<RateLimitField> ReadList(string? field)
    {
        Assert.NotNull(field);
        Assert.Matches(WholeList(), field);
        return
        [
            .. Policies().Matches(field).Select(static item => new RateLimitField(
                item.Groups["name"].Value,
                OneParameter().Matches(item.Groups["parameters"].Value).ToDictionary(
                    static parameter => parameter.Groups["key"].Value,
                    static parameter => long.Parse(parameter.Groups["value"].Value, CultureInfo.InvariantCulture)))),
        ];
    }

    [GeneratedRegex("""^"[ -!#-\[\]-~]*"(;[a-z*][a-z0-9_.*-]*=-?\d{1,15})*([ \t]*,[ \t]*"[ -!#-\[\]-~]*"(;[a-z*][a-z0-9_.*-]*=-?\d{1,15})*)*$""")]
    private static partial Regex WholeList();

    [GeneratedRegex("""
        "(?<name>[^"]*)"(?<parameters>[^,]*)
        """)]
    private static partial Regex Policies();

    [GeneratedRegex(";(?<key>[^=;]+)=(?<value>-?[0-9]+)")]
    private static partial Regex OneParameter();
}
