using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>How one function app is run.</summary>
internal sealed record LocalFunctionAppOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Settings above all others, written "Section__Key" or "Section:Key".</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The repository, whose settings files are read; none when null.</summary>
    public string? SettingsDirectory { get; init; }

    /// <summary>Whether user secrets and environment variables count as settings.</summary>
    public bool ReadEnvironment { get; init; } = true;

    /// <summary>Whether functions above <c>Anonymous</c> and the admin route ask for <see cref="FunctionKey"/>.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>The key that <see cref="RequireKeys"/> asks for.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>Whether timer functions run on their schedules.</summary>
    public bool RunTimers { get; init; } = true;

    /// <summary>How long the warm-up function may keep the app from taking traffic.</summary>
    public TimeSpan WarmupTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping waits for what still runs.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
