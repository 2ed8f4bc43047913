using System.Globalization;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.Postgres;

/// <summary>Hands DbUp's messages, which are made for string.Format, to the logger.</summary>
internal sealed class MigrationLog(ILogger logger) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args) => Log(LogLevel.Trace, null, format, args);

    public void LogDebug(string format, params object[] args) => Log(LogLevel.Debug, null, format, args);

    public void LogInformation(string format, params object[] args) => Log(LogLevel.Information, null, format, args);

    public void LogWarning(string format, params object[] args) => Log(LogLevel.Warning, null, format, args);

    public void LogError(string format, params object[] args) => Log(LogLevel.Error, null, format, args);

    public void LogError(Exception ex, string format, params object[] args) => Log(LogLevel.Error, ex, format, args);

    private void Log(LogLevel level, Exception? exception, string format, object[] args)
    {
        if (!logger.IsEnabled(level))
            return;
        var message = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        logger.Log(level, exception, "{Message}", message);
    }
}
