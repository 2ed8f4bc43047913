using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using TByte.Functions.Testing;

namespace TByte.Functions.Faults;

/// <summary>What came of the reports that were asked for.</summary>
/// <param name="Answered">200.</param>
/// <param name="Refused">503 with <c>Retry-After</c>: not begun, or not done in time.</param>
/// <param name="Other">Anything else.</param>
/// <param name="MostInDatabase">The most that were seen in the database at once.</param>
internal readonly record struct ReportCount(int Answered, int Refused, int Other, int MostInDatabase)
{
    public static ReportCount operator +(ReportCount one, ReportCount other) => new(
        one.Answered + other.Answered,
        one.Refused + other.Refused,
        one.Other + other.Other,
        Math.Max(one.MostInDatabase, other.MostInDatabase));
}

/// <summary>A crowd that asks for a quarter's report, again as soon as it has one; who is refused comes back after a second, whatever it was told.</summary>
internal sealed class ReportLoad : IAsyncDisposable
{
    private const string InDatabaseSql =
        "select count(*)::int from pg_stat_activity where state = 'active' and query like 'select c.id, c.name, count(distinct o.id)%'";

    private static readonly Uri Path = new("/api/v1/reports/category-sales?from=2025-01-01&to=2025-04-01", UriKind.Relative);
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly Task<int> _watch;
    private readonly Task[] _crowd;
    private int _answered;
    private int _refused;
    private int _other;

    private ReportLoad(Uri server, string database, int readers)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestToken.WithRoles(TestToken.ReportsRead));
        _watch = WatchAsync(database);
        _crowd = [.. Enumerable.Range(0, readers).Select(_ => AskAsync())];
    }

    public static ReportLoad Start(Uri server, string database, int readers) => new(server, database, readers);

    /// <summary>Waits until all that is under way has ended.</summary>
    public async Task<ReportCount> StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_crowd);
        return new ReportCount(_answered, _refused, _other, await _watch);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _end.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            using HttpResponseMessage response = await _http.GetAsync(Path, CancellationToken.None);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref _answered);
            }
            else if (response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: not null })
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(Impatience, CancellationToken.None);
            }
            else
            {
                Interlocked.Increment(ref _other);
            }
        }
    }

    private async Task<int> WatchAsync(string database)
    {
        await using NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand look = new(InDatabaseSql, connection);
        await look.PrepareAsync();
        int most = 0;
        while (!_end.IsCancellationRequested)
        {
            most = Math.Max(most, (int)(await look.ExecuteScalarAsync())!);
            await Task.Delay(LookInterval);
        }

        return most;
    }
}
