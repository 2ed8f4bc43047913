using DbUp.Engine;

namespace TByte.Functions.Postgres;

/// <summary>The embedded scripts in the order of their numbers, under their file names.</summary>
internal static class MigrationScripts
{
    private const string Prefix = "TByte.Functions.Postgres.Migrations.";

    public static IReadOnlyList<SqlScript> All()
    {
        var assembly = typeof(MigrationScripts).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new SqlScript(name[Prefix.Length..], Read(name)))];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
