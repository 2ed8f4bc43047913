using Npgsql;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Faults of those who are connected.</summary>
internal static class SessionFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("lock held", SessionRules.LockContention, "products", LockAsync, "lock"),
        new("hot row", SessionRules.LockContention, "categories", HotRowAsync, "lock"),
        new("advisory lock held", SessionRules.LockContention, "advisory lock", AdvisoryLockAsync, "lock"),
        new("transaction left open", SessionRules.LongTransaction, "postgres-primary", LeaveOpenAsync, "transaction"),
        new("connections taken", ServerRules.Connections, "postgres-primary", scenario => TakeAsync(scenario, 48), "connections"),
        new("no connection left", ServerRules.Connections, "postgres-primary", scenario => TakeAsync(scenario, 100), "connections"),
        new("deadlocks", SessionRules.Deadlocks, "postgres-primary", DeadlockAsync, "deadlocks"),
    ];

    private static async Task LockAsync(Scenario scenario)
    {
        await scenario.HoldAsync("migration", "begin", "update products set price = price where id = 7");
        for (int i = 0; i < 4; i++)
            scenario.Repeat(_ => scenario.ExecuteAsync("update products set price = price + 1 where id = 7"));
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
    }

    private static Task HotRowAsync(Scenario scenario)
    {
        for (int i = 0; i < 8; i++)
        {
            scenario.Repeat(_ => scenario.ExecuteAsync(
                "begin; update categories set name = name where id = 1; select pg_sleep(0.05); commit"));
        }

        return Task.CompletedTask;
    }

    private static async Task AdvisoryLockAsync(Scenario scenario)
    {
        await scenario.HoldAsync("scheduler", "select pg_advisory_lock(7)");
        for (int i = 0; i < 4; i++)
            scenario.Repeat(_ => scenario.ExecuteAsync("set statement_timeout = '10s'; select pg_advisory_lock(7)"));
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
    }

    private static async Task LeaveOpenAsync(Scenario scenario)
    {
        await scenario.HoldAsync("forgetful", "begin", "select count(*) from categories");
        await Task.Delay(13_000, TestContext.Current.CancellationToken);
    }

    private static async Task TakeAsync(Scenario scenario, int count)
    {
        try
        {
            for (int i = 0; i < count; i++)
                await scenario.HoldAsync("leaky");
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // As intended.
        }
    }

    private static Task DeadlockAsync(Scenario scenario)
    {
        scenario.Repeat(_ => UpdateAsync(scenario, 1, 2), pauseMs: 10);
        scenario.Repeat(_ => UpdateAsync(scenario, 2, 1), pauseMs: 10);
        return Task.CompletedTask;
    }

    private static Task UpdateAsync(Scenario scenario, int first, int second) => scenario.ExecuteAsync($"""
        set deadlock_timeout = '100ms'; begin; update users set name = name where id = {first}; select pg_sleep(0.05);
        update users set name = name where id = {second}; commit
        """);
}
