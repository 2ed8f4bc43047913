using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>Blob storage for development: Azurite's blob service on 127.0.0.1, in a process of its own.</summary>
internal sealed class AzuriteProcess : ServerProcess
{
    // The account that every emulator has; its key is public.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private AzuriteProcess(KeeperOrders orders, int port, Action<string>? log)
        : base("Azurite", orders, port, log)
    {
    }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{Port}/{Account};";

    /// <summary>Whether its npm package is installed.</summary>
    public static bool IsInstalled(string repository) => File.Exists(Program(repository));

    /// <summary>Starts it.</summary>
    /// <param name="repository">The checkout whose npm packages hold it.</param>
    /// <param name="directory">Where its data lies; null keeps them in memory.</param>
    /// <param name="port">0 takes any that is free.</param>
    /// <param name="log">Takes what it writes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AzuriteProcess> StartAsync(
        string repository, string? directory, int port, Action<string>? log, CancellationToken cancellationToken)
    {
        if (!IsInstalled(repository))
            throw new InvalidOperationException($"Azurite is not in '{Path.Combine(repository, "node_modules")}'. Run 'npm ci' in '{repository}'.");
        if (port == 0)
            port = LocalPorts.FindFree();
        var server = new AzuriteProcess(Orders(repository, directory, port), port, log);
        await server.RestartAsync(cancellationToken);
        return server;
    }

    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{Port}/{Account}?comp=list"), cancellationToken);
        // It refuses whoever does not sign; a server of another kind would not.
        return answer.StatusCode == HttpStatusCode.Forbidden;
    }

    private static KeeperOrders Orders(string repository, string? directory, int port) => new(
        "node",
        [
            Program(repository), "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture),
            .. directory is null ? ["--inMemoryPersistence"] : (string[])["--location", directory],
            "--silent", "--disableTelemetry",
            // The client may be newer than the emulator.
            "--skipApiVersionCheck",
        ]);

    private static string Program(string repository) => Path.Combine(repository, "node_modules", "azurite", "dist", "src", "blob", "main.js");
}
