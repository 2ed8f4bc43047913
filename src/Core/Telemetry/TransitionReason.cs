namespace TByte.Functions.Telemetry;

/// <summary>Sorts the reasons of transitions, which hold numbers and are read by people, into a few that can be counted.</summary>
internal static class TransitionReason
{
    /// <summary>One of few words; <c>other</c> for what is not known here, such as what an operator has written.</summary>
    public static string KindOf(string reason) => reason switch
    {
        _ when reason.Contains(" calls failed", StringComparison.Ordinal) => "failures",
        _ when reason.Contains(" calls were slow", StringComparison.Ordinal) => "slow_calls",
        _ when reason.Contains("probes succeeded", StringComparison.Ordinal) => "probes_succeeded",
        _ when reason.Contains("probe succeeded", StringComparison.Ordinal) => "probe_succeeded",
        _ when reason.Contains("probes failed", StringComparison.Ordinal) || reason.Contains("probe failed", StringComparison.Ordinal) => "probes_failed",
        "its open time is over" => "open_time_over",
        "the shared state was lost while open" => "shared_state_lost",
        "new" => "new",
        "" => "fleet_decides",
        _ => "other",
    };
}
