using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Where the servers of a shop are that runs, kept beside its data so that other verbs find them.</summary>
internal sealed record RunningShop(string Postgres, IReadOnlyList<string> Replicas, string Redis)
{
    private const string FileName = "running.json";

    /// <summary>Null when none runs, as far as is known: one that was killed has said nothing.</summary>
    public static RunningShop? Find(string state)
    {
        try
        {
            return JsonSerializer.Deserialize<RunningShop>(File.ReadAllBytes(Path.Combine(state, FileName)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Announce(LocalState state) => state.WritePrivate(FileName, JsonSerializer.SerializeToUtf8Bytes(this));

    public static void Withdraw(LocalState state) => File.Delete(Path.Combine(state.Directory, FileName));
}
