using System.Text.Json.Serialization;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Operations;

/// <summary>The fleet at a moment, as one of its instances knows it.</summary>
/// <param name="At">The moment, by Redis' clock.</param>
/// <param name="Instance">Who tells this.</param>
/// <param name="Complete">False when Redis could not be asked: then there is nothing of others in it.</param>
/// <param name="Instances">Those that have told something in the last minute, this one first.</param>
/// <param name="Cache">Their caches together.</param>
/// <param name="Requests">What users asked of them.</param>
public sealed record FleetOverview(
    DateTimeOffset At, string Instance, bool Complete, IReadOnlyList<FleetMember> Instances, FleetCache Cache, FleetRequests Requests);

/// <summary>An instance among others.</summary>
/// <param name="ToldMsAgo">How old its status is; 0 for who tells this, and else up to a minute.</param>
/// <param name="Status">What it tells of itself.</param>
/// <param name="Cache">Answers of its cache in the last five minutes; null from a version that does not tell.</param>
/// <param name="Requests">What users asked of it in the last five minutes; null from a version that does not tell.</param>
public sealed record FleetMember(
    long ToldMsAgo,
    InstanceStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CacheStatistics? Cache,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestFigures? Requests);

/// <summary>Answers of all caches.</summary>
/// <param name="SinceStart">Since each instance started.</param>
/// <param name="Minute">In the last minute.</param>
/// <param name="FiveMinutes">In the last five.</param>
public sealed record FleetCache(CacheStatistics SinceStart, CacheStatistics Minute, CacheStatistics FiveMinutes);

/// <summary>What users asked of the whole fleet: everything below <c>/api/v1</c>.</summary>
/// <param name="FiveMinutes">In the last five minutes, as far as it has been told.</param>
/// <param name="SlotSeconds">How much time a point of the course is about.</param>
/// <param name="Course">Slot by slot, the oldest first; those that not every instance has told yet are left out.</param>
public sealed record FleetRequests(RequestFigures FiveMinutes, int SlotSeconds, IReadOnlyList<RequestPoint> Course);

/// <summary>Requests of one slot.</summary>
/// <param name="At">When it begins, by Redis' clock.</param>
/// <param name="Figures">What was answered in it.</param>
public sealed record RequestPoint(DateTimeOffset At, RequestFigures Figures);
