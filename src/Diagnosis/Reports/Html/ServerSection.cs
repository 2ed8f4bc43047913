namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The database servers.</summary>
internal static class ServerSection
{
    private const int MostServers = 50;
    private const int MostOfName = 100;

    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        using (html.In("section", ("aria-labelledby", "servers")))
        {
            html.Add("h2", "Database servers", ("id", "servers"));
            DataTable.Write<ServerSummary>(
                html,
                "Each server as it was when it was asked",
                report.Servers.Take(MostServers),
                new("Server", server => WriteName(html, server)),
                new("Version", server => html.Text(VisibleText.Line(server.Version ?? "–", MostOfName))),
                new("Database", server => html.Text(Known(server, server.DatabaseBytes, bytes => Quantity.Bytes(bytes))), DataTable.Number),
                new("Connections", server => html.Text(Connections(server)), DataTable.Number),
                new("Lag", server => html.Text(Known(server, server.LagMs, lag => Quantity.Milliseconds(lag))), DataTable.Number),
                new("Statements at once", server => html.Text(Known(server, server.BusyShare, share => Quantity.Number(share))), DataTable.Number));
        }
    }

    private static void WriteName(HtmlWriter html, ServerSummary server)
    {
        html.Add("strong", VisibleText.Line(server.Name, MostOfName));
        html.Add("span", $" {VisibleText.Line(server.Role, MostOfName)}", ("class", "quiet"));
        if (server.Problem is { } problem)
            html.Add("span", $"Could not be asked: {VisibleText.Line(problem, VisibleText.MostOfSentence)}", ("class", "problem"));
    }

    private static string Connections(ServerSummary server) => server.Connections is { } open
        ? server.MaxConnections is { } most ? $"{open:N0} of {most:N0}" : $"{open:N0}"
        : "–";

    private static string Known<T>(ServerSummary server, T? value, Func<T, string> text)
        where T : struct => server.Problem is null && value is { } known ? text(known) : "–";
}
