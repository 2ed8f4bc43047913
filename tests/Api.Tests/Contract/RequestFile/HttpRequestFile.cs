using System.Globalization;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract.RequestFile;

/// <summary>A file of requests in the format of the REST clients: variables, then requests between lines that begin with <c>###</c>.</summary>
internal sealed partial class HttpRequestFile
{
    private readonly Dictionary<string, string> _variables = [];

    private HttpRequestFile(string text)
    {
        string[] parts = Separator().Split(text.ReplaceLineEndings("\n"));
        foreach (Match variable in Variable().Matches(parts[0]))
            _variables[variable.Groups["name"].Value] = variable.Groups["value"].Value.Trim();
        Requests = [.. parts.Skip(1).Select(Read)];
    }

    public IReadOnlyList<HttpFileRequest> Requests { get; }

    public IEnumerable<string> Variables => _variables.Keys;

    public static HttpRequestFile Parse(string text) => new(text);

    /// <summary>A text of the file with the values of its variables; those given go before the file's own.</summary>
    public string Fill(string text, IReadOnlyDictionary<string, string> values) => Use().Replace(text, use =>
    {
        string name = use.Groups["name"].Value;
        return values.TryGetValue(name, out string? value) || _variables.TryGetValue(name, out value)
            ? value
            : throw new InvalidOperationException($"There is no variable {name}.");
    });

    private static HttpFileRequest Read(string part)
    {
        string[] halves = part.TrimEnd().Split("\n\n", 2);
        string[] lines = halves[0].Split('\n');
        Match expected = Expected().Match(lines[1]);
        string[] start = lines[2].Split(' ');
        if (!expected.Success || start.Length != 2)
            throw new FormatException($"No expectation and request line: {part}");
        return new HttpFileRequest(
            lines[0].Trim(),
            int.Parse(expected.Groups["status"].Value, CultureInfo.InvariantCulture),
            start[0],
            start[1],
            [.. lines.Skip(3).Select(line => line.Split(':', 2)).Select(header => (header[0], header[1].Trim()))],
            halves.Length > 1 && halves[1].Trim() is { Length: > 0 } body ? body : null);
    }

    [GeneratedRegex("^###", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^@(?<name>\w+)\s*=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}")]
    private static partial Regex Use();

    [GeneratedRegex("^# Expect: (?<status>[0-9]{3})$")]
    private static partial Regex Expected();
}

/// <param name="Title">What it is.</param>
/// <param name="Status">What it is answered with.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Url">With its variables.</param>
/// <param name="Headers">With their variables.</param>
/// <param name="Body">Null without one.</param>
internal sealed record HttpFileRequest(
    string Title, int Status, string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, string? Body);
