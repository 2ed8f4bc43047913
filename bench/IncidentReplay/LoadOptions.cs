using System.Buffers;
using System.Net;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay;

/// <summary>What load is sent where, and what must come of it.</summary>
internal sealed record LoadOptions
{
    public const int MostRate = 2_000;
    public const int MostSeconds = 3_600;

    private const int LeastUnderWay = 256;
    private const int SecondsUnderWay = 4;
    private const int LongestToken = 16 * 1024;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>Scheme, host and port.</summary>
    public string? Target { get; init; }

    /// <summary>A shop's real sales, which say who reads what; null for shoppers that are generated.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Requests per second.</summary>
    public double Rate { get; init; } = 50;

    /// <summary>How long it is measured.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>A bearer token for orders; null reads none.</summary>
    public string? Token { get; init; }

    /// <summary>Where the token was given, for messages.</summary>
    public string TokenSource { get; init; } = "--token";

    /// <summary>Where the report is written as JSON; null for nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Where the report is written as a page; null for nowhere.</summary>
    public string? HtmlFile { get; init; }

    /// <summary>Milliseconds that 95 % of the requests may take at most.</summary>
    public double MaxP95 { get; init; } = 500;

    /// <summary>Percentage of the requests that may fail.</summary>
    public double MaxErrors { get; init; } = 0.5;

    /// <summary>Before this connections are opened and caches filled; it is not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many times the rate is sent in the warm-up.</summary>
    public double Rush { get; init; } = 1;

    /// <summary>When a client gives up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many requests may be under way, so that a target that answers nothing costs bounded memory.</summary>
    public int MostUnderWay
    {
        get => field > 0 ? field : Math.Max(LeastUnderWay, (int)Math.Ceiling(SecondsUnderWay * Rate));
        init;
    }

    /// <summary>Checks everything before anything is sent.</summary>
    /// <returns>The target.</returns>
    /// <exception cref="UsageException">Something is not as it must be.</exception>
    public Uri Check()
    {
        Uri origin = Origin(Target);
        Within("--rate", Rate, 1, MostRate);
        Within("--seconds", Seconds, 1, MostSeconds);
        Within("--max-p95", MaxP95, 1, 600_000);
        Within("--max-errors", MaxErrors, 0, 100);
        CheckToken(origin);
        CheckTrace(TraceFile);
        // Before minutes are spent on what could not be written.
        CheckDirectory("--json", JsonFile);
        CheckDirectory("--html", HtmlFile);
        return origin;
    }

    /// <exception cref="UsageException">There is no such file.</exception>
    public static void CheckTrace(string? file)
    {
        if (file is not null && !File.Exists(file))
            throw new UsageException($"--trace: there is no file '{file}'.");
    }

    private static Uri Origin(string? target)
    {
        if (target is null)
            throw new UsageException("A target is needed: ./dev incident --target https://host, or http://127.0.0.1:7071 for ./dev run.");
        // Not repeated: it may hold a password.
        if (!Uri.TryCreate(target, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw new UsageException("--target is not an http or https URL such as https://host or http://127.0.0.1:7071.");
        if (uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            throw new UsageException("--target must be scheme, host and port only: no user, no path, no query.");
        return uri;
    }

    private static void Within(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new UsageException($"{option} must be from {least:0} to {most:0}.");
    }

    private void CheckToken(Uri origin)
    {
        if (Token is null)
            return;
        if (Token.Length is 0 or > LongestToken || Token.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw new UsageException($"{TokenSource} is not a bearer token: it must be the token alone, without 'Bearer' and without spaces.");
        if (origin.Scheme == Uri.UriSchemeHttp && !IsThisMachine(origin))
            throw new UsageException($"The token of {TokenSource} is not sent over http, where everyone on the way can read it: use https.");
    }

    private static bool IsThisMachine(Uri origin) =>
        origin.IdnHost == "localhost" || (IPAddress.TryParse(origin.IdnHost, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static void CheckDirectory(string option, string? file)
    {
        if (file is not null && (file.Length == 0 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
            throw new UsageException($"{option}: there is no directory for '{file}'.");
    }
}
