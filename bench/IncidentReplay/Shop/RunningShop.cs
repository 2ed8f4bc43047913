using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>The apps in one state, each instance a process of its own.</summary>
internal sealed class RunningShop : IAsyncDisposable
{
    private readonly List<ShopInstance> _instances = [];
    private WarmupApp? _warmup;

    private RunningShop()
    {
    }

    public IReadOnlyList<ShopInstance> Instances => _instances;

    public IReadOnlyList<Uri> Origins => [.. _instances.Select(static instance => instance.Address)];

    /// <summary>Brings the schema and Redis into the state, which is empty but for what is warmed, and starts the instances on them.</summary>
    public static async Task<RunningShop> StartAsync(IncidentServers servers, ShopState state, int instances, CancellationToken cancellationToken)
    {
        await servers.Indexes.SetAsync(state.Has(Remedy.Indexes), cancellationToken);
        await servers.Redis.FlushAsync(cancellationToken);
        RunningShop shop = new();
        try
        {
            if (state.Has(Remedy.Warming))
            {
                shop._warmup = await WarmupApp.StartAsync(state.SettingsOn(servers.Addresses), cancellationToken);
                await shop._warmup.WarmAsync(cancellationToken);
            }

            for (int i = 0; i < instances; i++)
                shop._instances.Add(await ShopInstance.StartAsync(state.SettingsOn(servers.Addresses), LocalPorts.FindFree(), cancellationToken));
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShopInstance instance in _instances)
            await instance.DisposeAsync();
        if (_warmup is not null)
            await _warmup.DisposeAsync();
    }
}
