using System.Diagnostics;
using System.Globalization;
using TByte.Functions.Resilience;

namespace TByte.Functions.Faults;

/// <summary>When an instance learnt that the fleet's breaker had entered a state. Timestamps are the machine's, alike in all processes.</summary>
internal readonly record struct BreakerAdoption(string Instance, long At, long Epoch, BreakerState State)
{
    private const string Mark = "adopted: ";

    /// <summary>Lets this process tell what it learns of the primary's breaker.</summary>
    public static void Announce(CircuitAgents agents)
    {
        SharedCircuit circuit = agents.All.Select(agent => agent.Circuit).First(circuit => circuit.Name == "postgres-primary");
        circuit.Changed += (before, after) =>
        {
            if (after.Fleet is { } fleet && before.Epoch != after.Epoch)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{agents.Instance} {Stopwatch.GetTimestamp()} {fleet.Epoch} {fleet.State}"));
        };
    }

    public static BreakerAdoption? TryParse(string line)
    {
        if (!line.StartsWith(Mark, StringComparison.Ordinal))
            return null;

        string[] words = line[Mark.Length..].Split(' ');
        return new BreakerAdoption(
            words[0],
            long.Parse(words[1], CultureInfo.InvariantCulture),
            long.Parse(words[2], CultureInfo.InvariantCulture),
            Enum.Parse<BreakerState>(words[3]));
    }
}
