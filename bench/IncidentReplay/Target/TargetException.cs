namespace TByte.Functions.IncidentReplay.Target;

/// <summary>The target cannot be reached, or is not the shop; the message says which, in our own words.</summary>
internal sealed class TargetException(string message) : Exception(message);
