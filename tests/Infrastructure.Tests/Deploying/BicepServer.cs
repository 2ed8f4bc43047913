using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A Bicep that stays: it starts in seconds and compiles in a fraction of one. JSON-RPC 2.0 with the headers of the language server protocol.</summary>
internal sealed class BicepServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);
    private int _calls;

    /// <param name="variables">Environment variables that parameter files read.</param>
    public BicepServer(IEnumerable<(string Name, string Value)> variables)
    {
        ProcessStartInfo start = Bicep.Start(["jsonrpc", "--stdio"], variables);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>The compiled template.</summary>
    public async Task<string> CompileAsync(string template)
    {
        JsonNode result = await CallAsync("bicep/compile", new JsonObject { ["path"] = template });
        return (string?)result["contents"] ?? throw new InvalidOperationException(result["diagnostics"]!.ToJsonString());
    }

    /// <summary>What would be deployed with a parameter file.</summary>
    public async Task<string> SnapshotAsync(string parameters, string environment)
    {
        JsonObject place = new()
        {
            ["tenantId"] = Bicep.TenantId,
            ["subscriptionId"] = Bicep.SubscriptionId,
            ["resourceGroup"] = Bicep.ResourceGroup(environment),
            ["location"] = Bicep.Location,
            ["deploymentName"] = Bicep.DeploymentName,
        };
        return (string)(await CallAsync("bicep/getSnapshot", new JsonObject { ["path"] = parameters, ["metadata"] = place }))["snapshot"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject argument)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_calls, ["method"] = method, ["params"] = new JsonArray(argument) });
            JsonNode answer = await ReadAsync();
            return answer["result"] ?? throw new InvalidOperationException((string?)answer["error"]?["message"]);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WriteAsync(JsonObject request)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request);
        Stream input = _process.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")));
        await input.WriteAsync(body);
        await input.FlushAsync();
    }

    private async Task<JsonNode> ReadAsync()
    {
        Stream output = _process.StandardOutput.BaseStream;
        int length = 0;
        while (await ReadLineAsync(output) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
        }

        byte[] body = new byte[length];
        await output.ReadExactlyAsync(body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        do
        {
            await stream.ReadExactlyAsync(one);
            line.Append((char)one[0]);
        }
        while (one[0] != '\n');
        return line.ToString().TrimEnd();
    }
}
