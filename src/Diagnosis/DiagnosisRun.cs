using Npgsql;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Diagnosis;

/// <summary>Looks at everything and says what makes it slow. One run at a time.</summary>
public sealed class DiagnosisRun
{
    private static readonly TimeSpan AdviceBudget = TimeSpan.FromSeconds(60);

    private readonly DiagnosisTarget _target;
    private readonly ServerLogin _primary;
    private readonly TimeProvider _time;
    private readonly ServerCollector[] _servers;
    private readonly RedisCollector? _redis;
    private readonly string[] _names;

    /// <summary>Connects to nothing yet.</summary>
    public DiagnosisRun(DiagnosisTarget target, TimeProvider time)
    {
        _target = target;
        _time = time;
        _primary = target.Identity.ToPostgres(target.Primary);
        _servers =
        [
            new ServerCollector("postgres-primary", isReplica: false, _primary, time),
            .. target.Replicas.Select((replica, i) =>
                new ServerCollector($"postgres-replica-{i + 1}", isReplica: true, target.Identity.ToPostgres(replica), time)),
        ];
        _names = [.. _servers.Select(static server => server.Name)];
        _redis = target.Redis is { Length: > 0 } redis ? new RedisCollector(redis, target.Identity.ToRedis(redis), time) : null;
    }

    /// <summary>
    /// Runs; takes <paramref name="watch"/> and some seconds, a minute or two when servers hang. Fails on nothing: what could not be
    /// looked at is named in the report.
    /// </summary>
    /// <param name="memory">What the last run has left; null, or too old: counters are read twice, <paramref name="watch"/> apart.</param>
    /// <param name="watch">Zero: all that was counted since the servers' statistics were reset.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<DiagnosisResult> RunAsync(
        DiagnosisMemory? memory, TimeSpan watch, CancellationToken cancellationToken)
    {
        DateTimeOffset started = _time.GetUtcNow();
        bool remembers = memory is not null && started - memory.At is { Ticks: > 0 } age && age < DiagnosisMemory.Oldest;
        DiagnosisMemory? before = remembers ? memory
            : watch > TimeSpan.Zero ? await WatchAsync(memory, watch, cancellationToken).ConfigureAwait(false)
            : null;

        DateTimeOffset at = _time.GetUtcNow();
        Task<RedisView?> redis = LookAtRedisAsync(before?.Redis, cancellationToken);
        ServerView[] servers = await LookAtServersAsync(before, cancellationToken).ConfigureAwait(false);
        IndexAdvice advice = await AdviseAsync(servers, cancellationToken).ConfigureAwait(false);
        Evidence evidence = Gather(at, before, servers, await redis.ConfigureAwait(false), advice, memory?.History ?? []);
        IReadOnlyList<Finding> findings = RuleBook.Judge(evidence, _target.StorageBytes);
        HistoryPoint point = ReportWriter.PointOf(evidence, findings);
        DiagnosisMemory left = new DiagnosisMemory(
            at,
            servers.Where(static server => server.Counters is not null).ToDictionary(static server => server.Evidence.Name, static server => server.Counters!),
            (await redis.ConfigureAwait(false))?.Memory,
            memory?.History ?? []).With(point);
        DiagnosisReport report = ReportWriter.Write(evidence, findings, left.History, _time.GetUtcNow() - started);
        return new DiagnosisResult(report, left) { Proposals = advice.Proposals };
    }

    private async Task<DiagnosisMemory> WatchAsync(DiagnosisMemory? memory, TimeSpan watch, CancellationToken cancellationToken)
    {
        Task<RedisMemory?> redis = _redis is null ? Task.FromResult<RedisMemory?>(null) : _redis.CountAsync(_names, cancellationToken);
        ServerCounters?[] servers = await Task.WhenAll(_servers.Select(server => server.CountAsync(cancellationToken))).ConfigureAwait(false);
        DiagnosisMemory first = new(
            _time.GetUtcNow(),
            _names.Zip(servers).Where(static entry => entry.Second is not null).ToDictionary(static entry => entry.First, static entry => entry.Second!),
            await redis.ConfigureAwait(false),
            memory?.History ?? []);
        await Task.Delay(watch, _time, cancellationToken).ConfigureAwait(false);
        return first;
    }

    /// <summary>The primary first: where its log is then, replicas should be a moment later.</summary>
    private async Task<ServerView[]> LookAtServersAsync(DiagnosisMemory? before, CancellationToken cancellationToken)
    {
        ServerView primary = await _servers[0].CollectAsync(Before(_servers[0]), primaryPosition: null, cancellationToken).ConfigureAwait(false);
        ServerView[] replicas = await Task.WhenAll(_servers[1..].Select(
            server => server.CollectAsync(Before(server), primary.Evidence.LogPosition, cancellationToken))).ConfigureAwait(false);
        return [primary, .. replicas];

        ServerCounters? Before(ServerCollector server) => before?.Servers.GetValueOrDefault(server.Name);
    }

    private async Task<RedisView?> LookAtRedisAsync(RedisMemory? before, CancellationToken cancellationToken) =>
        _redis is null ? null : await _redis.LookAsync(_names, before, cancellationToken).ConfigureAwait(false);

    /// <summary>What ran on any server is what indexes are for; the primary knows the tables.</summary>
    private async Task<IndexAdvice> AdviseAsync(ServerView[] servers, CancellationToken cancellationToken)
    {
        WorkloadQuery[] workload =
        [
            .. servers.SelectMany(static server => server.Evidence.Statements ?? []).Where(static statement => StatementRules.IsWorkload(statement.Text))
                .GroupBy(static statement => statement.Id)
                .Select(static same => new WorkloadQuery(
                    same.Key, same.First().Text, same.Sum(static statement => statement.Use.Calls), same.Sum(static statement => statement.Use.TotalMs)))
                .OrderByDescending(static statement => statement.TotalMs),
        ];
        if (workload.Length == 0 || servers[0].Evidence.Problem is not null)
            return new IndexAdvice([], []);

        try
        {
            return await AskAsync().WaitAsync(AdviceBudget, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return new IndexAdvice([], [new NotSeen("indexes that would pay", "the primary did not answer in time")]);
        }

        async Task<IndexAdvice> AskAsync()
        {
            await using ServerConnection connection = await ServerConnection.OpenAsync(_names[0], _primary, cancellationToken).ConfigureAwait(false);
            ServerEvidence primary = servers[0].Evidence;
            IndexAdvisor advisor = new(_time) { Writes = (primary.Tables ?? []).ToDictionary(static table => table.Name, static table => table.Use) };
            return await advisor.AdviseAsync(connection.Inner, workload, primary.Window, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Evidence Gather(
        DateTimeOffset at, DiagnosisMemory? before, ServerView[] servers, RedisView? redis, IndexAdvice advice, IReadOnlyList<HistoryPoint> history) => new()
        {
            At = at,
            Window = before is null ? TimeSpan.Zero : at - before.At,
            Servers = [.. servers.Select(static server => server.Evidence)],
            Redis = redis?.Evidence,
            Fleet = redis?.Fleet,
            Breakers = redis?.Breakers ?? [],
            HotKey = servers[0].HotKey,
            Advice = advice,
            History = history,
            NotSeen = [.. servers.SelectMany(static server => server.NotSeen), .. redis?.NotSeen ?? [], .. advice.NotSeen],
        };
}
