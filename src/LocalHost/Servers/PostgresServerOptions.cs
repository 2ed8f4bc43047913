using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Servers;

internal sealed record PostgresServerOptions(PostgresHome Home, string DataDirectory)
{
    /// <summary>0 takes any that is free.</summary>
    public int Port { get; init; }

    public string Database { get; init; } = "shop";

    /// <summary>At least instances × pool size, and some for timers and people.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>Off, a crash of the machine may lose data, and tests are faster.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>What a replica that is not running may fall behind before it has to be copied anew.</summary>
    public int KeepWalMegabytes { get; init; }

    /// <summary>Lines of postgresql.conf that win over those the code writes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives every line the server logs.</summary>
    public Action<string>? Log { get; init; }
}
