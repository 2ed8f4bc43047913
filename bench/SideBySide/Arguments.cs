using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TByte.Functions.SideBySide;

/// <summary>Which pairs to measure, and how much of them.</summary>
internal sealed record Arguments(IReadOnlyList<string> Pairs, RunPlan Plan)
{
    public static bool TryRead(IReadOnlyList<string> args, [NotNullWhen(true)] out Arguments? arguments)
    {
        arguments = null;
        List<string> pairs = [];
        RunPlan plan = new(Rounds: 9, Requests: 100_000, Connections: 32);
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                pairs.Add(args[i]);
                continue;
            }

            if (i + 1 == args.Count || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value == 0)
                return false;
            switch (args[i++])
            {
                case "--rounds":
                    plan = plan with { Rounds = value };
                    break;
                case "--requests":
                    plan = plan with { Requests = value };
                    break;
                case "--connections":
                    plan = plan with { Connections = value };
                    break;
                default:
                    return false;
            }
        }

        arguments = new Arguments(pairs, plan);
        return true;
    }
}
