using System.Collections.Generic;
using System.IO;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>
/// Lets <c>dotnet user-jwts create --project src/Api --audience tbyte-functions</c> work: its key lies in the user secrets, which the apps
/// read, and its issuer is trusted here.
/// </summary>
internal static class UserJwts
{
    public static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>
    {
        ["Authentication:Schemes:Bearer:ValidIssuers:UserJwts"] = "dotnet-user-jwts",
    };

    /// <summary>The tool fails unless the file that it notes issuer and audience in is there; git ignores it.</summary>
    public static void Prepare(string repository)
    {
        string file = Path.Combine(repository, "src", "Api", "appsettings.Development.json");
        if (!File.Exists(file))
            File.WriteAllText(file, "{}\n");
    }
}
