namespace TByte.Functions.Testing.Postgres;

/// <summary>Debian's PostgreSQL 15 with HypoPG, which <c>./dev test</c> installs where it can.</summary>
/// <param name="Binaries">The directory that holds its bin.</param>
/// <param name="Version">Its version.</param>
public sealed record OlderPostgres(string Binaries, string Version)
{
    /// <summary>Why a test is skipped that needs it.</summary>
    public const string Missing = "Debian's packages postgresql-15 and postgresql-15-hypopg are not installed";

    /// <summary>Null when it is not installed.</summary>
    public static OlderPostgres? Find() =>
        File.Exists("/usr/lib/postgresql/15/bin/postgres") && File.Exists("/usr/share/postgresql/15/extension/hypopg.control")
            ? new OlderPostgres("/usr/lib/postgresql/15", "15")
            : null;
}
