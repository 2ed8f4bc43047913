using System.Text;
using TByte.Functions.Caching;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>A row of a database that tests change, delay and count.</summary>
internal sealed class TestRow
{
    private static int _rows;
    private int _loads;

    /// <summary>A key that no other test uses.</summary>
    public string Id { get; } = $"{Environment.ProcessId}-{Interlocked.Increment(ref _rows)}-{Guid.NewGuid():N}";

    /// <summary>The row's version; 0 when there is no row.</summary>
    public long Version { get; set; } = 1;

    /// <summary>How often it was read.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>Runs between reading the row and handing it out.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public async Task<Representation?> LoadAsync()
    {
        long read = Version;
        Func<Task> meanwhile = Meanwhile;
        // Last, because tests change the row once they see it.
        Interlocked.Increment(ref _loads);
        await meanwhile();
        return read == 0 ? null : At(read);
    }

    public static Representation At(long version) => new(Encoding.UTF8.GetBytes($$"""{"version":{{version}}}"""), version);
}
