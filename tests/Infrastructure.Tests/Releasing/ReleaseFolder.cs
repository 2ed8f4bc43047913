using System.Diagnostics;
using System.Runtime.Versioning;

namespace TByte.Functions.Infrastructure.Tests.Releasing;

/// <summary>The script infra/release beside commands that note how they are called: there is no Azure to call here.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ReleaseFolder : IDisposable
{
    private const string Az = """
        #!/usr/bin/env bash
        echo "az $*" >> "$CALLS"
        case "$*" in
          "deployment group show"*outputs.API_SLOT*) echo "$SLOT" ;;
          "deployment group show"*)
            all="$*"
            name=${all#*outputs.}
            echo "${name%%.value*}" ;;
          "functionapp list"*) echo "$EXISTING_APP" ;;
          "functionapp config appsettings list"*--slot*) echo "https://st.example/packages/api-1.0.zip" ;;
          "functionapp config appsettings list"*) echo "https://st.example/packages/api-1.1-rc.zip" ;;
          "functionapp show"*--slot*) echo api-next.example ;;
          "functionapp show"*) echo api.example ;;
          "postgres flexible-server list"*) echo "$REPLICAS" ;;
          "account get-access-token"*) echo secret-token ;;
        esac
        """;

    private const string Curl = """
        #!/usr/bin/env bash
        url=${*: -1}
        echo "curl $url" >> "$CALLS"
        [[ $url == *"$SICK"* && -n $SICK ]] && exit 22
        [[ $* == *--output* ]] || echo '{"status":"ready"}'
        """;

    private const string Dev = """
        #!/usr/bin/env bash
        echo "dev $* PGPASSWORD=$PGPASSWORD" >> "$CALLS"
        exit "${DEV_EXIT:-0}"
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("tbyte-release-").FullName;

    public ReleaseFolder()
    {
        Directory.CreateDirectory(Path.Combine(_root, "infra"));
        File.Copy(Path.Combine(Bicep.Repository, "infra", "release"), Path.Combine(_root, "infra", "release"));
        foreach ((string name, string text) in ((string, string)[])[("bin/az", Az), ("bin/curl", Curl), ("dev", Dev)])
        {
            string file = Path.Combine(_root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text + "\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>As if the packages of a release had been built.</summary>
    public ReleaseFolder WithPackages(string release)
    {
        string packages = Path.Combine(_root, "artifacts", "packages");
        Directory.CreateDirectory(packages);
        foreach (string app in (string[])["api", "warmup", "maintenance"])
            File.WriteAllText(Path.Combine(packages, $"{app}-{release}.zip"), "");
        return this;
    }

    /// <summary>Runs the script; the variables tell the commands what to answer.</summary>
    public async Task<ReleaseRun> RunAsync(string arguments, params (string Name, string Value)[] variables)
    {
        string calls = Path.Combine(_root, "calls");
        ProcessStartInfo start = new("bash", [Path.Combine(_root, "infra", "release"), .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(_root, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CALLS"] = calls;
        start.Environment["SLOT"] = "next";
        start.Environment["SICK"] = "";
        start.Environment["EXISTING_APP"] = "func-shop-api-prod";
        start.Environment["REPLICAS"] = "2";
        start.Environment["TBYTE_SMOKE_ATTEMPTS"] = "2";
        start.Environment["TBYTE_SMOKE_PAUSE"] = "0";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;

        using Process script = Process.Start(start)!;
        Task<string> output = script.StandardOutput.ReadToEndAsync();
        Task<string> error = script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ReleaseRun(script.ExitCode, await output, await error, File.Exists(calls) ? await File.ReadAllLinesAsync(calls) : []);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
