using System.Globalization;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>An instance of the Api app in a process of its own, which can be killed and started again where it was.</summary>
internal sealed class ShopInstance : IAsyncDisposable
{
    /// <summary>The setting that says where a server listens; 0 for anywhere.</summary>
    public const string PortSetting = "Port";

    public const string Name = "api";

    private readonly IReadOnlyDictionary<string, string?> _settings;
    private ChildServer _server;

    private ShopInstance(IReadOnlyDictionary<string, string?> settings, ChildServer server)
    {
        _settings = settings;
        _server = server;
    }

    public Uri Address => _server.Address;

    public static async Task<ShopInstance> StartAsync(IReadOnlyDictionary<string, string?> settings, int port, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> all = new(settings) { [PortSetting] = port.ToString(CultureInfo.InvariantCulture) };
        return new ShopInstance(all, await ChildServer.StartAsync(Name, all, cancellationToken));
    }

    public Task KillAsync() => _server.KillAsync();

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _server.DisposeAsync();
        _server = await ChildServer.StartAsync(Name, _settings, cancellationToken);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
