using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>What a keeper is to start, and how it is to stop it: each signal in turn, with a wait after each.</summary>
internal sealed record KeeperOrders(string Command, IReadOnlyList<string> Arguments)
{
    /// <summary>The verb of the command line that runs a keeper.</summary>
    public const string Verb = "keep";

    public IReadOnlyList<UnixSignal> StopWith { get; init; } = [UnixSignal.Terminate, UnixSignal.Kill];

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The user to run the command as; null for the keeper's own.</summary>
    public string? User { get; init; }

    public IEnumerable<string> ToArguments() =>
    [
        Verb,
        string.Join(',', StopWith),
        Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        User ?? "",
        Command,
        .. Arguments,
    ];

    public static KeeperOrders Parse(IReadOnlyList<string> arguments)
    {
        if (arguments is not [Verb, var signals, var patience, var user, var command, ..])
            throw new ArgumentException($"Usage: {Verb} <signals> <seconds> <user or ''> <command> [arguments]");

        return new KeeperOrders(command, [.. arguments.Skip(5)])
        {
            StopWith = [.. signals.Split(',').Select(Enum.Parse<UnixSignal>)],
            Patience = TimeSpan.FromSeconds(double.Parse(patience, CultureInfo.InvariantCulture)),
            User = user.Length == 0 ? null : user,
        };
    }
}
