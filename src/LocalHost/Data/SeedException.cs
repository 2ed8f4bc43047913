using System;

namespace TByte.Functions.LocalHost.Data;

/// <summary>The database was not seeded, for a reason that the message tells the user.</summary>
internal sealed class SeedException : Exception
{
    public SeedException(string message)
        : base(message)
    {
    }

    public SeedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
