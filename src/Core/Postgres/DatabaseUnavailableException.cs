namespace TByte.Functions.Postgres;

/// <summary>The database gave no answer in time, or is left alone at the moment: the caller may try again later.</summary>
public sealed class DatabaseUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>When trying again may pay.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
