using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The configuration an app is given: its appsettings, its settings file, user secrets, environment variables and the options, later ones first.</summary>
internal static class HostSettings
{
    public static IConfigurationRoot Load(string app, LocalFunctionAppOptions options)
    {
        ConfigurationBuilder builder = new();
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "apps", app, "appsettings.Development.json"), optional: true, reloadOnChange: false);
        if (options.SettingsDirectory is { } directory && FindFile(directory, app) is { } file)
            builder.AddInMemoryCollection(ReadFile(file));
        if (options.ReadEnvironment)
            builder.AddUserSecrets(UserSecretsId, reloadOnChange: false).AddEnvironmentVariables();
        return builder.AddInMemoryCollection(Normalize(options.Settings)).Build();
    }

    private const string UserSecretsId = "tbyte-functions";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static string? FindFile(string directory, string app)
    {
        string own = Path.Combine(directory, "src", app, "local.settings.json");
        string sample = Path.Combine(directory, "local.settings.sample.json");
        return File.Exists(own) ? own : File.Exists(sample) ? sample : null;
    }

    private static Dictionary<string, string?> ReadFile(string path)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (document.RootElement.TryGetProperty("IsEncrypted", out JsonElement encrypted) && encrypted.ValueKind == JsonValueKind.True)
                throw new InvalidOperationException($"{path} is encrypted; decrypt it with 'func settings decrypt'.");
            AddSection(document, "Values", "");
            AddSection(document, "ConnectionStrings", "ConnectionStrings:");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{path} is not valid JSON: {exception.Message}", exception);
        }

        return settings;

        void AddSection(JsonDocument document, string section, string prefix)
        {
            if (!document.RootElement.TryGetProperty(section, out JsonElement values))
                return;
            foreach (JsonProperty value in values.EnumerateObject())
                settings[prefix + ToKey(value.Name)] = value.Value.ToString();
        }
    }

    private static Dictionary<string, string?> Normalize(IReadOnlyDictionary<string, string?> settings)
    {
        Dictionary<string, string?> normalized = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in settings)
            normalized[ToKey(name)] = value;
        return normalized;
    }

    private static string ToKey(string name) => name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
}
