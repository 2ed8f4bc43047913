using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Npgsql;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Diagnosing;

/// <summary>
/// Reads where a PostgreSQL is: an Npgsql connection string, or a URI as libpq takes it. What is wrong is told without repeating any of it:
/// it may hold a password.
/// </summary>
internal static class PostgresAddress
{
    private const string Forms = "'Host=…;Port=5432;Database=…;Username=…;Password=…' or postgresql://user:password@host:5432/database";

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <param name="option">The option that the text was given with, for the message.</param>
    /// <param name="text">The text.</param>
    /// <returns>An Npgsql connection string that names a host.</returns>
    /// <exception cref="UsageException">It is neither.</exception>
    public static string Parse(string option, string text)
    {
        NpgsqlConnectionStringBuilder connection = Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ? FromUri(option, text)
            : FromConnectionString(option, text);
        return string.IsNullOrWhiteSpace(connection.Host) ? throw new UsageException($"{option} names no host: it must be {Forms}.") : connection.ConnectionString;
    }

    /// <summary>Host, port and database, to be shown.</summary>
    public static string Describe(string connectionString)
    {
        NpgsqlConnectionStringBuilder connection = new(connectionString);
        return $"{connection.Host}:{connection.Port}/{connection.Database ?? connection.Username}";
    }

    private static NpgsqlConnectionStringBuilder FromConnectionString(string option, string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new UsageException($"{option} is not a connection string: it must be {Forms}.");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(string option, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Fragment.Length > 0 || uri.AbsolutePath.Count(c => c == '/') > 1)
        {
            throw new UsageException(
                $"{option} is not a URI that names one server: it must be {Forms}, with :, /, ?, #, @ and % in a password written as %3A and so on.");
        }

        string[] user = uri.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder connection = new() { Host = uri.IdnHost };
        if (uri.Port > 0)
            connection.Port = uri.Port;
        if (user[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            connection.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1)
            connection.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach ((string name, StringValues value) in QueryHelpers.ParseQuery(uri.Query))
            SetParameter(option, connection, name, value.ToString());
        return connection;
    }

    private static void SetParameter(string option, NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        string keyword = name.ToLowerInvariant() switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "sslcert" => "SSL Certificate",
            "sslkey" => "SSL Key",
            "application_name" => "Application Name",
            "connect_timeout" => "Timeout",
            "options" => "Options",
            _ => throw new UsageException($"{option} has a parameter that is not known here; known are sslmode, sslrootcert, sslcert, sslkey, application_name, connect_timeout and options."),
        };
        try
        {
            // libpq's verify-full is Npgsql's VerifyFull.
            connection[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new UsageException($"{option} has a {name.ToLowerInvariant()} that is not allowed.");
        }
    }

    private static bool IsRefusal(Exception e) =>
        e is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException or NotSupportedException;
}
