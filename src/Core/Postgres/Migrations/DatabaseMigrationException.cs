namespace TByte.Functions.Postgres;

/// <summary>The schema could not be brought up to date.</summary>
public sealed class DatabaseMigrationException : Exception
{
    /// <summary>Without a message.</summary>
    public DatabaseMigrationException()
    {
    }

    /// <summary>With what went wrong.</summary>
    public DatabaseMigrationException(string message)
        : base(message)
    {
    }

    /// <summary>With what went wrong and its cause.</summary>
    public DatabaseMigrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
