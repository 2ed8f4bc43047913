using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>What operations have in common: problems, headers, schemas.</summary>
internal static class Components
{
    public static void WriteProblems(HtmlWriter html, ApiDocument document)
    {
        html.Add("h2", "Problems", ("id", "problems"));
        DataTable.Write(html, "Decide by the type; the texts may change.", Problems(document),
            new DataTable.Column<JsonElement>("Type", problem => html.Add("code", ApiDocument.Text(problem, "type"))),
            new DataTable.Column<JsonElement>("Status", problem => html.Add("code", problem.GetProperty("status").ToString())),
            new DataTable.Column<JsonElement>("Title", problem => html.Text(ApiDocument.Text(problem, "title"))),
            new DataTable.Column<JsonElement>("Detail, for example", problem => html.Text(ApiDocument.Text(problem, "detail"))));
    }

    public static void WriteHeaders(HtmlWriter html, ApiDocument document)
    {
        html.Add("h2", "Headers of answers", ("id", "headers"));
        DataTable.Write(html, "An answer may have others that HTTP itself asks for.", document.Components("headers"),
            new DataTable.Column<JsonProperty>("Name", header => html.Add("code", header.Name, ("id", $"header-{header.Name}"))),
            new DataTable.Column<JsonProperty>("What", header => Prose.Write(html, ApiDocument.Text(header.Value, "description"))),
            new DataTable.Column<JsonProperty>("Value", header => SchemaText.Write(html, header.Value.GetProperty("schema"))),
            new DataTable.Column<JsonProperty>("Example", header => html.Add("code", header.Value.GetProperty("example").ToString())));
    }

    public static void WriteSchemas(HtmlWriter html, ApiDocument document)
    {
        html.Add("h2", "Schemas", ("id", "schemas"));
        foreach (JsonProperty schema in document.Components("schemas"))
            WriteSchema(html, schema.Name, schema.Value);
    }

    private static void WriteSchema(HtmlWriter html, string name, JsonElement schema)
    {
        using (html.In("article", ("class", "operation"), ("id", $"schema-{name}"), ("aria-labelledby", $"schema-{name}-name")))
        {
            html.Add("h3", name, ("id", $"schema-{name}-name"));
            Prose.WriteParagraph(html, ApiDocument.Text(schema, "description"));
            if (schema.TryGetProperty("properties", out _))
                WriteMembers(html, schema);
            else
                WriteValue(html, schema);
            foreach (JsonElement example in ApiDocument.Listed(schema, "examples").Take(1))
                Sample.Write(html, "Example", name, example);
        }
    }

    private static void WriteMembers(HtmlWriter html, JsonElement schema) => DataTable.Write(
        html, "Members", SchemaText.Members(schema),
        new DataTable.Column<SchemaMember>("Name", member => html.Add("code", member.Name)),
        new DataTable.Column<SchemaMember>("What", member =>
            Prose.Write(html, (member.IsRequired ? "" : "Optional. ") + ApiDocument.Text(member.Schema, "description"))),
        new DataTable.Column<SchemaMember>("Value", member => SchemaText.Write(html, member.Schema)));

    private static void WriteValue(HtmlWriter html, JsonElement schema)
    {
        using (html.In("p"))
            SchemaText.Write(html, schema);
    }

    // An answer that is a problem has it as its example.
    private static IEnumerable<JsonElement> Problems(ApiDocument document) =>
        from response in document.Components("responses")
        from content in ApiDocument.Members(response.Value, "content")
        where content.Name == "application/problem+json"
        let example = content.Value.GetProperty("example")
        orderby example.GetProperty("status").GetInt32()
        select example;
}
