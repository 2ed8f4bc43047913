using Azure;
using Azure.Identity;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>The store of the reports could not be used; the message is one line and holds no secret.</summary>
public sealed class ReportStoreException : Exception
{
    internal ReportStoreException(string message)
        : base(message)
    {
    }

    /// <summary>The libraries' own messages hold addresses and headers, and may hold signatures; they are not passed on.</summary>
    internal static ReportStoreException Of(Exception failure) => new(failure switch
    {
        RequestFailedException { Status: > 0 } refused => $"the storage answered {refused.Status} {refused.ErrorCode}".TrimEnd(),
        AuthenticationFailedException => "no token for the storage was given to the app's identity",
        OperationCanceledException => "the storage did not answer in time",
        _ => "the storage cannot be reached",
    });
}
