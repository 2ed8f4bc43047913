using System.Text.Json;
using TByte.Functions.Infrastructure.Tests.Monitoring;
using TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

[assembly: AssemblyFixture(typeof(EvaluatedMonitoring))]

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>What the templates make, evaluated once for all tests.</summary>
public sealed class EvaluatedMonitoring : IAsyncDisposable
{
    internal const string Workspace =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.OperationalInsights/workspaces/shop-logs";

    private const string Parameters =
        $"""
        param location = 'westeurope'
        param tags = {"{}"}

        """;

    private readonly BicepServer _bicep = new([]);
    private readonly Lazy<Task<IReadOnlyList<DeployedAlert>>> _alerts;
    private readonly Lazy<Task<IReadOnlyList<JsonElement>>> _workbook;
    private readonly Lazy<Task<IReadOnlyList<JsonElement>>> _savedQueries;

    public EvaluatedMonitoring()
    {
        _alerts = new(() => AlertsOf(static _ => { }));
        _workbook = new(() => EvaluateAsync("workbook", $"param displayName = 'Shop'\nparam workspaceId = '{Workspace}'"));
        _savedQueries = new(() => EvaluateAsync("queries", "param packName = 'shop-queries'"));
    }

    internal Task<IReadOnlyList<DeployedAlert>> Alerts => _alerts.Value;

    internal Task<IReadOnlyList<JsonElement>> Workbook => _workbook.Value;

    internal Task<IReadOnlyList<JsonElement>> SavedQueries => _savedQueries.Value;

    /// <summary>The alerts of templates that may have been broken before, by other parameters if so wished.</summary>
    internal async Task<IReadOnlyList<DeployedAlert>> AlertsOf(Action<TemplateCopy> mutate, string? parameters = null)
    {
        using TemplateCopy copy = new();
        mutate(copy);
        return DeployedAlert.Read(await copy.EvaluateAsync(_bicep, "alerts", Parameters + (parameters ?? AlertParameters.Text)));
    }

    /// <summary>The resources that a module makes of these parameters.</summary>
    internal async Task<IReadOnlyList<JsonElement>> EvaluateAsync(string module, string parameters)
    {
        using TemplateCopy copy = new();
        return await copy.EvaluateAsync(_bicep, module, Parameters + parameters);
    }

    public ValueTask DisposeAsync() => _bicep.DisposeAsync();
}
