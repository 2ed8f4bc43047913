using System;
using System.IO;
using System.Linq;
using System.Text;
using TByte.Functions.Api.Edge;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.Operations.Page;

/// <summary>The page as it is sent: one document with its style and its script in it, and the policy that lets a browser run these and nothing else.</summary>
internal static class OperationsPage
{
    // One module to the browser, in this order.
    private static readonly string[] Scripts = ["access", "text", "dom", "chart", "requests", "breakers", "order", "state", "diagnosis", "page"];

    private static readonly string Style = StyleSheet.Text + Read("page.css");
    private static readonly string Script = string.Concat(Scripts.Select(static name => Read(name + ".js")));

    /// <summary>The document in UTF-8.</summary>
    public static byte[] Document { get; } = Encoding.UTF8.GetBytes(
        Read("page.html").Replace("{style}", Style, StringComparison.Ordinal).Replace("{script}", Script, StringComparison.Ordinal));

    /// <summary>What it may do: run its own script and style, by their hashes, and ask where it came from.</summary>
    public static string ContentSecurityPolicy { get; } = string.Join("; ",
        "default-src 'none'",
        $"script-src {PagePolicy.Hash(Script)}",
        $"style-src {PagePolicy.Hash(Style)}",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");

    // A browser turns CRLF into LF before it hashes.
    private static string Read(string name)
    {
        using Stream resource = typeof(OperationsPage).Assembly.GetManifestResourceStream("operations/" + name)!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
