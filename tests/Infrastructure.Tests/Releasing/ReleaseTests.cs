using System.Runtime.Versioning;

namespace TByte.Functions.Infrastructure.Tests.Releasing;

/// <summary>What infra/release does, in which order, and what it leaves alone when something fails.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReleaseTests
{
    [Fact]
    public async Task A_release_takes_the_traffic_after_it_has_answered()
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.WithPackages("1.2").RunAsync("deploy rg-shop-prod 1.2");

        Assert.Equal((0, "Release 1.2 is in service at https://api.example\n"), (run.ExitCode, run.Output));
        int[] order =
        [
            run.IndexOf("az storage blob upload", "--auth-mode login", "api-1.2.zip"),
            run.IndexOf("dev migrate", "SSL Mode=VerifyFull", "PGPASSWORD=secret-token"),
            run.IndexOf("dev grant", "--api API_ROLE", "--warmup WARMUP_ROLE", "--maintenance MAINTENANCE_ROLE"),
            run.IndexOf("appsettings set", "--slot next", "WEBSITE_RUN_FROM_PACKAGE=PACKAGES_URL/api-1.2.zip"),
            run.IndexOf("curl https://api-next.example/api/v1/products"),
            run.IndexOf("deployment slot swap", "--target-slot production"),
            run.IndexOf("appsettings set", "WARMUP_APP", "warmup-1.2.zip"),
            run.IndexOf("appsettings set", "MAINTENANCE_APP", "maintenance-1.2.zip"),
            run.IndexOf("curl https://api.example/api/health/live"),
        ];
        Assert.Equal(order.Order(), order);
        Assert.All(run.Calls.Where(static call => call.StartsWith("az ", StringComparison.Ordinal)), static call => Assert.DoesNotContain("secret-token", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_that_does_not_answer_gets_no_traffic()
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.WithPackages("1.2").RunAsync("deploy rg-shop-prod 1.2", ("SICK", "api-next.example"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("release 1.2 does not answer in the slot; the traffic stays where it is", run.Error, StringComparison.Ordinal);
        Assert.False(run.Has("slot swap"));
        Assert.False(run.Has("WARMUP_APP", "appsettings set"));
    }

    [Fact]
    public async Task A_database_that_cannot_be_migrated_stops_it_before_any_app_changes()
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.WithPackages("1.2").RunAsync("deploy rg-shop-prod 1.2", ("DEV_EXIT", "1"));

        Assert.Equal(1, run.ExitCode);
        Assert.False(run.Has("appsettings set"));
        Assert.False(run.Has("dev grant"));
    }

    [Fact]
    public async Task Without_a_slot_the_app_itself_gets_the_release()
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.WithPackages("1.2").RunAsync("deploy rg-shop-dev 1.2", ("SLOT", ""));

        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Has("appsettings set", "--name API_APP", "api-1.2.zip"));
        Assert.False(run.Has("--slot next"));
        Assert.False(run.Has("slot swap"));
    }

    [Fact]
    public async Task Rolling_back_swaps_and_takes_the_timers_along()
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.RunAsync("roll-back rg-shop-prod");

        Assert.Equal((0, "Release 1.0 is in service again\n"), (run.ExitCode, run.Output));
        Assert.True(run.IndexOf("appsettings list", "--slot next") < run.IndexOf("slot swap"));
        Assert.True(run.IndexOf("slot swap") < run.IndexOf("WARMUP_APP", "warmup-1.0.zip"));
        Assert.True(run.Has("MAINTENANCE_APP", "maintenance-1.0.zip"));
    }

    [Theory]
    [InlineData("func-shop-api-prod", "2", "TBYTE_RELEASE=1.1-rc\nTBYTE_REPLICAS_MADE=2\n")]
    [InlineData("", "0", "TBYTE_RELEASE=\nTBYTE_REPLICAS_MADE=0\n")]
    public async Task The_state_is_what_the_next_deployment_must_know(string app, string replicas, string expected)
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.RunAsync("state rg-shop-prod", ("EXISTING_APP", app), ("REPLICAS", replicas));

        Assert.Equal((0, expected), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("deploy rg-shop-prod", 2, "Usage")]
    [InlineData("deploy rg-shop-prod ../1", 1, "'../1' is no name of a release")]
    [InlineData("deploy rg-shop-prod 1.2", 1, "artifacts/packages/api-1.2.zip is missing: infra/release build 1.2")]
    [InlineData("frobnicate", 2, "Usage")]
    public async Task What_is_wrong_is_said(string arguments, int exitCode, string message)
    {
        using ReleaseFolder folder = new();
        ReleaseRun run = await folder.RunAsync(arguments);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Calls);
    }
}
