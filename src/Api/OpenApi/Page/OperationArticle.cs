using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>One operation: what it is for, who may, with what, and everything that it may answer.</summary>
internal static class OperationArticle
{
    public static void Write(HtmlWriter html, ApiOperation operation, ApiDocument document)
    {
        using (html.In("article", ("class", "operation"), ("id", operation.Id), ("aria-labelledby", operation.Id + "-what")))
        {
            using (html.In("header"))
            {
                html.Add("h3", ApiDocument.Text(operation.Description, "summary"), ("id", operation.Id + "-what"));
                using (html.In("p", ("class", "route")))
                {
                    Method.Write(html, operation.Method);
                    html.Add("code", operation.Path);
                }
            }
            Prose.WriteParagraph(html, ApiDocument.Text(operation.Description, "description"));
            html.Add("p", Who(operation), ("class", "quiet"));
            WriteParameters(html, operation);
            WriteBody(html, operation, document);
            WriteAnswers(html, operation, document);
            Sample.Write(html, "Command", operation.Id, CurlCommand.Of(operation, document));
            WriteAnswer(html, operation, document);
        }
    }

    private static string Who(ApiOperation operation) => operation.Security.FirstOrDefault() switch
    {
        null => "For anyone.",
        "bearer" => "Needs a bearer token.",
        _ => "Needs a function key.",
    };

    private static void WriteParameters(HtmlWriter html, ApiOperation operation)
    {
        if (operation.Parameters.Count == 0)
            return;

        DataTable.Write(html, "Parameters", operation.Parameters,
            new DataTable.Column<JsonElement>("Name", parameter => html.Add("code", ApiDocument.Text(parameter, "name"))),
            new DataTable.Column<JsonElement>("Where", parameter => html.Text(ApiDocument.Text(parameter, "in")
                + (parameter.TryGetProperty("required", out JsonElement required) && required.GetBoolean() ? ", required" : "")), "text word"),
            new DataTable.Column<JsonElement>("What", parameter => Prose.Write(html, ApiDocument.Text(parameter, "description"))),
            new DataTable.Column<JsonElement>("Value", parameter => SchemaText.Write(html, parameter.GetProperty("schema"))),
            new DataTable.Column<JsonElement>("Example", parameter => html.Add("code", parameter.GetProperty("example").ToString())));
    }

    private static void WriteBody(HtmlWriter html, ApiOperation operation, ApiDocument document)
    {
        if (!operation.Description.TryGetProperty("requestBody", out JsonElement body))
            return;

        JsonElement content = body.GetProperty("content").GetProperty("application/json");
        html.Add("h4", "Body");
        using (html.In("p"))
        {
            SchemaText.Write(html, content.GetProperty("schema"));
            html.Text(". ");
            Prose.Write(html, ApiDocument.Text(body, "description"));
        }
        Sample.Write(html, "Example of the body", operation.Id, document.ExampleOf(content)!.Value);
    }

    private static void WriteAnswers(HtmlWriter html, ApiOperation operation, ApiDocument document) => DataTable.Write(
        html, "Answers", operation.Description.GetProperty("responses").EnumerateObject().Select(response => (response.Name, Answer: document.Resolve(response.Value))),
        new DataTable.Column<(string Status, JsonElement Answer)>("Status", response => html.Add("code", response.Status)),
        new DataTable.Column<(string Status, JsonElement Answer)>("What", response => Prose.Write(html, ApiDocument.Text(response.Answer, "description"))),
        new DataTable.Column<(string Status, JsonElement Answer)>("Body", response => WriteContents(html, response.Answer)),
        new DataTable.Column<(string Status, JsonElement Answer)>("Headers", response => WriteHeaders(html, response.Answer)));

    private static void WriteContents(HtmlWriter html, JsonElement answer)
    {
        foreach (JsonProperty content in ApiDocument.Members(answer, "content"))
        {
            using (html.In("span", ("class", "part")))
            {
                html.Text(content.Name + ": ");
                SchemaText.Write(html, content.Value.GetProperty("schema"));
            }
        }
    }

    private static void WriteHeaders(HtmlWriter html, JsonElement answer)
    {
        foreach (JsonProperty header in ApiDocument.Members(answer, "headers"))
            html.Add("a", header.Name, ("class", "part"), ("href", $"#header-{ApiDocument.NameOf(header.Value)}"));
    }

    private static void WriteAnswer(HtmlWriter html, ApiOperation operation, ApiDocument document)
    {
        JsonElement good = document.Resolve(operation.Description.GetProperty("responses").GetProperty("200"));
        IEnumerable<JsonProperty> contents = ApiDocument.Members(good, "content");
        foreach (JsonProperty content in contents.Where(content => content.Name == "application/json"))
            Sample.Write(html, "Example of the answer", operation.Id, document.ExampleOf(content.Value)!.Value);
    }
}
