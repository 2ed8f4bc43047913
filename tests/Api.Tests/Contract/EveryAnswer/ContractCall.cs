namespace TByte.Functions.Api.Tests.Contract.EveryAnswer;

/// <summary>Which Api is asked, by what has happened to it.</summary>
public enum Condition
{
    /// <summary>It has all that it needs, and asks for function keys.</summary>
    Well,

    /// <summary>No storage for reports is set.</summary>
    WithoutReports,

    /// <summary>The caller's limit is used up.</summary>
    UsedUp,

    /// <summary>The database lacks its tables.</summary>
    Broken,

    /// <summary>Neither the database nor Redis nor the storage answers.</summary>
    Alone,
}

/// <summary>A request that an operation answers with a status that it documents.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Token">The bearer token, if there is one.</param>
/// <param name="HasKey">Whether the function key is sent.</param>
/// <param name="Body">JSON, if there is one.</param>
/// <param name="ContentType">The body's.</param>
/// <param name="Condition">Whom to ask.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record ContractCall(
    string Path,
    string? Token = null,
    bool HasKey = false,
    string? Body = null,
    string ContentType = "application/json",
    Condition Condition = Condition.Well,
    params (string Name, string Value)[] Headers);
