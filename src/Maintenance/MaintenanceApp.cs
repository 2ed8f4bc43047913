using Microsoft.Azure.Functions.Worker.Builder;
using TByte.Functions.Configuration;
using TByte.Functions.Postgres;

namespace TByte.Functions.Maintenance;

/// <summary>The timers that look for what makes the database slow, composed.</summary>
public static class MaintenanceApp
{
    /// <summary>Adds the app's services.</summary>
    public static FunctionsApplicationBuilder AddMaintenance(this FunctionsApplicationBuilder builder)
    {
        builder.Services
            .AddValidatedOptions<MaintenanceOptions>(MaintenanceOptions.Section)
            .AddShopDatabase()
            .AddSlowQueries();
        return builder;
    }
}
