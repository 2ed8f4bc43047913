namespace TByte.Functions.Diagnosis.Reports;

/// <summary>SQL to be copied.</summary>
internal static class ReportStatement
{
    /// <summary>With its end, so that several can be pasted one after the other.</summary>
    public static string Ended(string sql)
    {
        string statement = sql.TrimEnd();
        return statement.EndsWith(';') ? statement : statement + ";";
    }
}
