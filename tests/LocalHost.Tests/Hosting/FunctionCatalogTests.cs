using System.Runtime.CompilerServices;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public class FunctionCatalogTests
{
    /// <summary>What callers, keys and schedules depend on changes only together with functions.txt.</summary>
    [Fact]
    public void The_functions_are_the_ones_listed()
    {
        string listing = string.Join('\n', FunctionCatalog.List(FunctionApps.All));

        string listed = File.ReadAllText(Path.Combine(ProjectDirectory(), "functions.txt")).ReplaceLineEndings("\n").TrimEnd();

        Assert.True(listing == listed, $"The functions are not those of tests/LocalHost.Tests/functions.txt. If they are meant, its text is now:\n\n{listing}\n");
    }

    [Fact]
    public void A_line_says_what_a_caller_depends_on() => Assert.Equal(
        [
            "TestHttp Client http GET /api/Client Anonymous",
            "TestHttp GetNumber http GET /api/numbers/{id:long} Anonymous",
            "TestHttp GetThing http GET,HEAD /api/things/{id} Anonymous",
            "TestHttp NeedsKey http GET /api/NeedsKey Function",
            "TestHttp NeedsKeyByDefault http GET /api/NeedsKeyByDefault Function",
            "TestHttp NoRoute http any /api/NoRoute Anonymous",
            "TestStart AtStart timer 0 0 0 1 1 * and at start",
            "TestStart warmup warmup",
            "TestTimers Tick timer %Tick:Schedule%",
        ],
        FunctionCatalog.List([App("Timers"), App("Http"), App("Start")]).Where(line =>
            line.Split(' ')[1] is "Client" or "GetNumber" or "GetThing" or "NeedsKey" or "NeedsKeyByDefault" or "NoRoute" or "AtStart" or "warmup" or "Tick"));

    [Fact]
    public void Only_the_namespace_of_the_app_counts()
    {
        Assert.Empty(FunctionCatalog.Discover(App("Htt")));
        Assert.Empty(FunctionCatalog.Discover(App("Http.Below")));
    }

    [Theory]
    [InlineData("Nested", "must be a public method of a public class that is not nested")]
    [InlineData("Twice", "another function has the same name")]
    [InlineData("NoTrigger", "no parameter has a trigger")]
    [InlineData("WrongWarmup", "must be named Warmup")]
    public void What_the_functions_SDK_would_not_take_is_refused(string app, string reason) => Assert.Contains(
        reason,
        Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Discover(App("Broken." + app))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_parameter_that_nothing_binds_fails_the_start() => Assert.Equal(
        "TestBroken.Unbound, function Unbound: nothing to bind parameter category of type String to.",
        (await Assert.ThrowsAsync<InvalidOperationException>(() => TestApps.StartAsync(App("Broken.Unbound")))).Message);

    [Theory]
    [InlineData("""{ "version": "2.0" }""", "api")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "shop/" } } } // comment""", "shop")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "" } } }""", "")]
    public void The_prefix_of_routes_is_that_of_host_json(string json, string expected) =>
        Assert.Equal(expected, HostJson.ParseRoutePrefix(json));

    [Fact]
    public async Task Routes_have_the_prefix_of_the_app()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "apps", "TestPrefixed");
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(
            Path.Combine(directory, "host.json"), """{ "extensions": { "http": { "routePrefix": "shop" } } }""", TestContext.Current.CancellationToken);
        await using LocalFunctionApp app = await TestApps.StartAsync(App("Http") with { Name = "TestPrefixed" });
        using HttpClient client = TestApps.Client(app);

        Assert.Equal("GET", await client.GetStringAsync(new Uri("shop/NoRoute", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Warmup")]
    [InlineData("Maintenance")]
    public async Task Program_only_composes_the_app(string app)
    {
        string path = Path.Combine(ProjectDirectory(), "../../src", app, "Program.cs");

        Assert.Equal(
            $"""
            using Microsoft.Azure.Functions.Worker.Builder;
            using Microsoft.Extensions.Hosting;
            using TByte.Functions.{app};

            FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
            builder.ConfigureFunctionsWebApplication();
            builder.Add{app}();
            builder.Build().Run();

            """,
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
            ignoreLineEndingDifferences: true);
    }

    private static FunctionAppDefinition App(string name) => TestApps.Define(name, _ => { });

    private static string ProjectDirectory([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, ".."));
}
