namespace TByte.Functions.LocalHost.Data;

/// <summary>How far a long step has come: <paramref name="Done"/> lines or rows of <paramref name="Step"/>.</summary>
internal readonly record struct SeedProgress(string Step, long Done);
