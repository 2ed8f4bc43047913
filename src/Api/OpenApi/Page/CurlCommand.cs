using System;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>An operation as a command, with what it needs and nothing more. <c>$HOST</c>, <c>$TOKEN</c> and <c>$KEY</c> are the reader's.</summary>
internal static class CurlCommand
{
    public static string Of(ApiOperation operation, ApiDocument document)
    {
        StringBuilder command = new("curl -i ");
        if (operation.Method != "GET")
            command.Append("-X ").Append(operation.Method).Append(' ');
        command.Append('"').Append("$HOST").Append(PathOf(operation)).Append('"');
        if (operation.Security.Contains("bearer"))
            command.Append(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
        if (operation.Security.Contains("functionKey"))
            command.Append(" \\\n  -H \"x-functions-key: $KEY\"");
        if (operation.Description.TryGetProperty("requestBody", out JsonElement body))
        {
            string json = document.ExampleOf(body.GetProperty("content").GetProperty("application/json"))!.Value.GetRawText();
            command.Append(" \\\n  -H 'Content-Type: application/json' \\\n  -d '").Append(json.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'');
        }

        return command.ToString();
    }

    private static string PathOf(ApiOperation operation)
    {
        string path = operation.Path;
        StringBuilder query = new();
        foreach (JsonElement parameter in operation.Parameters.Where(parameter => parameter.TryGetProperty("required", out JsonElement required) && required.GetBoolean()))
        {
            string name = ApiDocument.Text(parameter, "name");
            string example = Uri.EscapeDataString(parameter.GetProperty("example").ToString());
            if (ApiDocument.Text(parameter, "in") == "path")
                path = path.Replace($"{{{name}}}", example, StringComparison.Ordinal);
            else
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(example);
        }

        return path + query;
    }
}
