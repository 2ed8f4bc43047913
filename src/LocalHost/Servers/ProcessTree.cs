using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A process and its descendants, from /proc; where there is none, the process alone.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Of(int processId)
    {
        ILookup<int, int> children = Parents().ToLookup(entry => entry.Parent, entry => entry.Id);
        var tree = new List<int> { processId };
        for (int i = 0; i < tree.Count; i++)
            tree.AddRange(children[tree[i]]);
        return tree;
    }

    /// <summary>Signals all of it. A root that is to be stopped or killed is stopped first: what it started while its children are looked up would be missed.</summary>
    public static void Send(int processId, UnixSignal signal)
    {
        if (signal is UnixSignal.Stop or UnixSignal.Kill)
            Unix.Send(processId, UnixSignal.Stop);
        foreach (int id in Of(processId))
            Unix.Send(id, signal);
    }

    private static IEnumerable<(int Id, int Parent)> Parents()
    {
        if (!Directory.Exists("/proc/self"))
            yield break;

        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int id) && ReadParent(directory) is { } parent)
                yield return (id, parent);
        }
    }

    private static int? ReadParent(string directory)
    {
        try
        {
            // "4711 (name, which may hold spaces and parentheses) S 4710 ..."
            string stat = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
