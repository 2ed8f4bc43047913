using System.IO;
using System.Linq;
using TByte.Functions.Api.Edge;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>The OpenAPI document as one page to read. It runs no script and loads nothing, its only style is that of its hash.</summary>
internal static class DocsPage
{
    // The look of the reports, and what only this page has.
    private static readonly string Style = StyleSheet.Text + OwnStyle();

    /// <summary>What the page may do: show itself.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {PagePolicy.Hash(Style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Write(ApiDocument document)
    {
        HtmlWriter html = new();
        html.Raw("<!doctype html>\n");
        using (html.In("html", ("lang", "en")))
        {
            using (html.In("head"))
                WriteHead(html, document);
            using (html.In("body"))
            {
                html.Add("a", "Skip to the operations", ("class", "skip"), ("href", "#operations"));
                WriteTop(html, document);
                WriteIndex(html, document);
                using (html.In("main", ("id", "operations")))
                {
                    WriteOperations(html, document);
                    Components.WriteProblems(html, document);
                    Components.WriteHeaders(html, document);
                    Components.WriteSchemas(html, document);
                }
            }
        }

        return html.ToString();
    }

    private static void WriteHead(HtmlWriter html, ApiDocument document)
    {
        html.AddVoid("meta", ("charset", "utf-8"));
        html.AddVoid("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.AddVoid("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Add("title", $"{ApiDocument.Text(document.Info, "title")}: HTTP API");
        using (html.In("style"))
            html.Raw(Style);
    }

    private static void WriteTop(HtmlWriter html, ApiDocument document)
    {
        using (html.In("header", ("class", "top")))
        {
            html.Add("p", $"HTTP API, version {ApiDocument.Text(document.Info, "version")}", ("class", "kicker"));
            html.Add("h1", ApiDocument.Text(document.Info, "title"));
            Prose.WriteParagraph(html, ApiDocument.Text(document.Info, "summary"));
            Prose.WriteParagraph(html, ApiDocument.Text(document.Info, "description"));
            using (html.In("p"))
                html.Add("a", "This page as OpenAPI", ("href", "openapi.json"));
        }
    }

    private static void WriteIndex(HtmlWriter html, ApiDocument document)
    {
        using (html.In("nav", ("aria-label", "Contents")))
        {
            html.Add("h2", "Contents");
            using (html.In("ul", ("class", "index")))
            {
                foreach (ApiOperation operation in document.Tags.SelectMany(tag => document.Operations.Where(operation => operation.Tag == tag)))
                {
                    using (html.In("li"))
                    {
                        Method.Write(html, operation.Method);
                        html.Add("a", operation.Path, ("href", $"#{operation.Id}"));
                    }
                }
            }
            using (html.In("p"))
            {
                foreach (string part in (string[])["Problems", "Headers", "Schemas"])
                    html.Add("a", part, ("class", "part"), ("href", $"#{part.ToLowerInvariant()}"));
            }
        }
    }

    private static void WriteOperations(HtmlWriter html, ApiDocument document)
    {
        foreach (string tag in document.Tags)
        {
            html.Add("h2", tag);
            foreach (ApiOperation operation in document.Operations.Where(operation => operation.Tag == tag))
                OperationArticle.Write(html, operation, document);
        }
    }

    // A browser turns CRLF into LF before it hashes.
    private static string OwnStyle()
    {
        using Stream resource = typeof(DocsPage).Assembly.GetManifestResourceStream("docs.css")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
