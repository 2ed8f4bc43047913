using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Tests.Hosting.Apps.Start;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public sealed class HostSettingsTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory("settings").FullName;

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [Fact]
    public void The_sample_counts_while_the_app_has_no_settings_of_its_own()
    {
        Write("local.settings.sample.json", """
            { // defaults
              "IsEncrypted": false,
              "Values": { "Redis__Connection": "sample", "Plain": "1", "Flag": true, },
              "ConnectionStrings": { "Main": "Host=sample" }
            }
            """);

        IConfiguration settings = Load();

        Assert.Equal("sample", settings["Redis:Connection"]);
        Assert.Equal("1", settings["Plain"]);
        Assert.Equal("True", settings["Flag"]);
        Assert.Equal("Host=sample", settings.GetConnectionString("Main"));
    }

    [Fact]
    public void The_settings_of_the_app_replace_the_sample()
    {
        Write("local.settings.sample.json", """{ "Values": { "A": "sample", "B": "sample" } }""");
        Write("src/Api/local.settings.json", """{ "Values": { "A": "own" } }""");

        IConfiguration settings = Load();

        Assert.Equal("own", settings["A"]);
        Assert.Null(settings["B"]);
    }

    [Fact]
    public void Environment_variables_are_above_the_file_and_the_options_above_both()
    {
        string name = $"Test{Guid.NewGuid():N}";
        Write("local.settings.sample.json", $$"""{ "Values": { "{{name}}__A": "file", "{{name}}__B": "file", "{{name}}__C": "file" } }""");
        Environment.SetEnvironmentVariable($"{name}__B", "environment");
        Environment.SetEnvironmentVariable($"{name}__C", "environment");
        Dictionary<string, string?> options = new() { [$"{name}__C"] = "options" };

        IConfiguration settings = Load(new LocalFunctionAppOptions { Settings = options }).GetSection(name);
        IConfiguration hermetic = Load(new LocalFunctionAppOptions { Settings = options, ReadEnvironment = false }).GetSection(name);

        Assert.Equal(["file", "environment", "options"], [settings["A"], settings["B"], settings["C"]]);
        Assert.Equal(["file", "file", "options"], [hermetic["A"], hermetic["B"], hermetic["C"]]);
    }

    [Fact]
    public void A_broken_file_is_named()
    {
        Write("local.settings.sample.json", "{ Values }");

        Assert.Contains("local.settings.sample.json is not valid JSON", Assert.Throws<InvalidOperationException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_file_is_refused()
    {
        Write("local.settings.sample.json", """{ "IsEncrypted": true, "Values": { "A": "xyz" } }""");

        Assert.Contains("is encrypted", Assert.Throws<InvalidOperationException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Development")]
    [InlineData("Staging", "Staging")]
    public async Task The_environment_is_development_unless_a_setting_says_otherwise(string? setting, string expected)
    {
        await using LocalFunctionApp app = await TestApps.StartAsync(
            TestApps.Define("Start", builder => builder.Services.AddSingleton(new StartScript())),
            new LocalFunctionAppOptions { Settings = new Dictionary<string, string?> { ["AZURE_FUNCTIONS_ENVIRONMENT"] = setting } });

        Assert.Equal(expected, app.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
    }

    [Fact]
    public async Task An_app_sees_its_settings_while_it_is_composed_and_later()
    {
        string? composed = null;
        await using LocalFunctionApp app = await TestApps.StartAsync(
            TestApps.Define("Start", builder =>
            {
                composed = builder.Configuration["Section:Key"];
                builder.Services.AddSingleton(new StartScript());
            }),
            new LocalFunctionAppOptions { Settings = new Dictionary<string, string?> { ["Section__Key"] = "value" } });

        Assert.Equal("value", composed);
        Assert.Equal("value", app.Services.GetRequiredService<IConfiguration>()["Section:Key"]);
    }

    private IConfigurationRoot Load(LocalFunctionAppOptions? options = null) =>
        HostSettings.Load("Api", (options ?? new LocalFunctionAppOptions()) with { SettingsDirectory = _repository });

    private void Write(string file, string json)
    {
        string path = Path.Combine(_repository, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
    }
}
