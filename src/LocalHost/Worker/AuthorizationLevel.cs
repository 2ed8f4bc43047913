namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key the host asks of a caller before it runs an HTTP function.</summary>
public enum AuthorizationLevel
{
    /// <summary>No key.</summary>
    Anonymous = 0,

    /// <summary>A signed-in user; not used by the host.</summary>
    User = 1,

    /// <summary>A function's or the host's key.</summary>
    Function = 2,

    /// <summary>A system key of an extension.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
