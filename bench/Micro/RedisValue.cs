using System.Text;
using BenchmarkDotNet.Attributes;
using TByte.Functions.Caching;

namespace TByte.Functions.Micro;

/// <summary>What becomes of the bytes that come from Redis: a header line is read, the body stays as it is.</summary>
[MemoryDiagnoser]
public class RedisValue
{
    private static readonly CachePolicy Products = new("product", TimeSpan.FromHours(1), IsVersioned: true);
    private readonly byte[] _stored = [.. Encoding.ASCII.GetBytes("P 7 1764000000123 3600000 - \"7-0123456789ab\"\n"), .. Bodies.Product];

    [Benchmark(Description = "StoredEntry.Parse, a product from Redis")]
    public object Parse() => StoredEntry.Parse(_stored, Products)!;
}
