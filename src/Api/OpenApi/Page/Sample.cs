using System.Text.Encodings.Web;
using System.Text.Json;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>An example to read or to copy. It can be scrolled by keyboard, so it has a name for those who hear where they are.</summary>
internal static class Sample
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(HtmlWriter html, string heading, string name, JsonElement example) => Write(
        html, heading, name, example.ValueKind == JsonValueKind.String ? example.GetString()! : JsonSerializer.Serialize(example, Indented));

    public static void Write(HtmlWriter html, string heading, string name, string text)
    {
        html.Add("h4", heading);
        using (html.In("pre", ("tabindex", "0"), ("role", "region"), ("aria-label", $"{heading}: {name}")))
            html.Add("code", text);
    }
}
