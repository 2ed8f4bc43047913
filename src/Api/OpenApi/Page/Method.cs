using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>A method as a mark; its colour says whether it only reads, and so does its name.</summary>
internal static class Method
{
    public static void Write(HtmlWriter html, string method) =>
        html.Add("span", method, ("class", method is "GET" or "HEAD" ? "mark low" : "mark medium"));
}
