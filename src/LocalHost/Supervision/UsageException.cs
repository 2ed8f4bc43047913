using System;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Something the caller can put right; the message says what, and no stack trace is shown.</summary>
internal sealed class UsageException(string message) : Exception(message);
