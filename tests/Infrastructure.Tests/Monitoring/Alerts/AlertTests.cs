namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>The alerts are those of the requirements, and the tests would see if they were not.</summary>
public sealed class AlertTests(EvaluatedMonitoring monitoring)
{
    private const string Template = "infra/bicep/modules/monitoring/alerts.bicep";
    private const string Queries = "infra/kql/alerts/";

    [Fact]
    public async Task Fire_at_the_required_thresholds_and_tell_somebody_what_to_look_at_first() =>
        Assert.Empty(AlertRequirements.Problems(await monitoring.Alerts));

    [Fact]
    public async Task Without_replicas_nobody_is_told_of_their_lag()
    {
        IReadOnlyList<DeployedAlert> alerts = await monitoring.AlertsOf(static _ => { }, AlertParameters.WithoutReplicas);

        Assert.DoesNotContain(alerts, static alert => alert.Name.Contains("replica", StringComparison.Ordinal));
        Assert.Contains(alerts, static alert => alert.Name == $"database-cpu-{AlertParameters.Primary}");
    }

    [Fact]
    public Task Another_condition_is_noticed() => AreNoticedAsync(
        new(Template, "threshold: '500'", "threshold: '600'", "latency-p95: fires at"),
        new(Template, "threshold: '0.5'", "threshold: '5'", "server-errors: fires at"),
        new(Template, "'LessThan'", "'GreaterThan'", "cache-hit-ratio: fires at"),
        new(Template, "window: 'PT10M'", "window: 'PT1H'", "query-mean: fires at"),
        new(Template, "measure: 'P99'", "measure: 'Requests'", "latency-p99: fires at"),
        new(Template, "connectionLimit * 80 / 100", "connectionLimit", "database-connections-shop-pg: fires at"),
        new(Template, "metric: 'cpu_percent'", "metric: 'memory_percent'", "database-cpu-shop-pg-replica-1: fires at"));

    [Fact]
    public Task An_alert_that_is_gone_is_noticed() => AreNoticedAsync(
        new(Template, "concat(logAlerts, replicaAlerts)", "take(concat(logAlerts, replicaAlerts), 6)", "replica-lag: is missing"),
        new(Template, "concat([primaryId], replicaIds)", "concat([primaryId], take(replicaIds, 0))", "database-storage-shop-pg-replica-1: is missing"));

    [Fact]
    public Task An_alert_that_tells_nobody_is_noticed() => AreNoticedAsync(
        new(Template, "actionGroups: [actions.id]", "actionGroups: []", "breaker-open: tells nobody"),
        new(Template, "in alertEmails:", "in take(alertEmails, 0):", "database-cpu-shop-pg: tells nobody"),
        new(Template, "description: alert.description", "description: ''", "query-mean: does not say what to look at first"));

    [Fact]
    public Task An_alert_that_cannot_be_relied_upon_is_noticed() => AreNoticedAsync(
        new(Template, "autoMitigate: true", "autoMitigate: false", "database-cpu-shop-pg: is not enabled, or does not end by itself"),
        new(Template, "evaluationFrequency: 'PT5M'", "evaluationFrequency: 'PT1H'", "latency-p95: does not look at all there is"),
        new(Queries + "server-errors.kql", "| where Failed >= 5", "| where Failed >= 1", "server-errors: judges by one request"),
        new(Queries + "latency-p99.kql", "| where Requests >= 500", "", "latency-p99: judges by one request"));

    [Fact]
    public Task Counters_of_redis_asked_more_often_than_they_are_there_are_noticed() => AreNoticedAsync(
        new Mutation(Template, "metric: 'active_connections'", "metric: 'cachehits'", "database-connections-shop-pg: asks a counter of Redis more often"));

    [Fact]
    public Task A_lag_that_grows_while_the_primary_is_idle_is_noticed() => AreNoticedAsync(
        new(Queries + "replica-lag.kql", "tbyte.postgres.replica.lag", "physical_replication_delay_in_seconds", "replica-lag: fires while an idle primary"),
        new(Template, "metric: 'cpu_percent'", "metric: 'physical_replication_delay_in_seconds'", "database-cpu-shop-pg: fires while an idle primary"));

    private async Task AreNoticedAsync(params Mutation[] mutations)
    {
        IReadOnlyList<DeployedAlert> alerts = await monitoring.AlertsOf(copy =>
        {
            foreach (Mutation mutation in mutations)
                copy.Replace(mutation.File, mutation.Text, mutation.By);
        });
        IReadOnlyList<string> problems = AlertRequirements.Problems(alerts);

        Assert.All(mutations, mutation => Assert.Contains(problems, problem => problem.StartsWith(mutation.Said, StringComparison.Ordinal)));
    }
}
