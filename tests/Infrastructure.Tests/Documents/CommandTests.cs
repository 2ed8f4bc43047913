using System.Text.RegularExpressions;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>Each command of the documents is one that there is: verbs and options of our scripts, routes of the apps, files that are named.</summary>
public sealed partial class CommandTests
{
    // Programs of others; whether they take these arguments is theirs to say.
    private static readonly string[] Others = ["az", "azd", "cd", "cp", "curl", "dotnet", "export", "func", "git", "npm", "npx", "sed", "tr", "xdg-open"];

    private static readonly string Dev = File.ReadAllText(Path.Combine(Bicep.Repository, "dev"));
    private static readonly string Release = File.ReadAllText(Path.Combine(Bicep.Repository, "infra", "release"));

    private static readonly HashSet<string> LocalVerbs = ["run", "token", "migrate", "grant", "diagnose", "settings"];

    private static readonly string OptionsOfBenches = string.Concat(
        new[] { "IncidentReplay", "WarmStart" }.SelectMany(static bench => Directory.EnumerateFiles(Path.Combine(Bicep.Repository, "bench", bench), "*.cs")).Select(File.ReadAllText));

    private static readonly Trigger.Http[] Routes = [.. FunctionApps.All.SelectMany(FunctionCatalog.Discover).Select(static function => function.Trigger).OfType<Trigger.Http>()];
    private static readonly HashSet<string> Names = [.. FunctionApps.All.SelectMany(FunctionCatalog.Discover).Select(static function => function.Name)];

    private static IEnumerable<(string Document, string Command)> Commands => MarkdownDocument.All.SelectMany(static page =>
        page.Commands.SelectMany(static line => Step().Split(line)).Concat(page.Codes.Where(static code => OurScript().IsMatch(code))).Select(command => (page.Path, command.Trim())));

    [Fact]
    public void Programs_are_known()
    {
        (string Document, string Command)[] commands = [.. Commands];

        Assert.True(commands.Length > 60, $"Only {commands.Length} commands were found.");
        Assert.DoesNotContain(commands, static command => Program(command.Command) is { } program && !Others.Contains(program) && !OurScript().IsMatch(program));
    }

    [Fact]
    public void Verbs_and_options_of_our_scripts_are_known() => Assert.DoesNotContain(
        Commands.SelectMany(static command => OurCall().Matches(command.Command).Select(call => (command.Document, Problem: ProblemOf(call)))),
        static call => call.Problem is not null);

    [Fact]
    public void Addresses_that_are_asked_are_routes()
    {
        (string Document, string Path)[] asked =
        [
            .. MarkdownDocument.All.SelectMany(static page => page.Commands.Concat(page.Codes).SelectMany(static code => Address().Matches(code)).Select(match => (page.Path, match.Groups["path"].Value))),
        ];

        Assert.True(asked.Length > 40, $"Only {asked.Length} addresses were found.");
        Assert.DoesNotContain(asked, static address => !IsRoute(address.Path));
    }

    [Fact]
    public void Files_that_commands_name_are_there() => Assert.DoesNotContain(
        Commands.SelectMany(static command => RepositoryPath().Matches(command.Command).Select(path => (command.Document, path.Value))),
        static file => !Path.Exists(Path.Combine(Bicep.Repository, file.Value)));

    private static string? ProblemOf(Match call)
    {
        string verb = call.Groups["verb"].Value;
        string[] arguments = [.. Argument().Matches(call.Groups["arguments"].Value).Select(static argument => Placeholder(argument.Value))];
        if (call.Groups["script"].Value == "infra/release")
            return Release.Contains($"\"{verb} ", StringComparison.Ordinal) || Release.Contains($" {verb} ", StringComparison.Ordinal) ? null : $"{call.Value}: no such verb";
        if (!Regex.IsMatch(Dev, $"(?m)^  {Regex.Escape(verb)}\\)"))
            return $"{call.Value}: no such verb";
        // A sentence may speak of a verb without its options.
        if (arguments.Length == 0)
            return null;
        return LocalVerbs.Contains(verb)
            ? Verbs.Root().Parse([verb, .. arguments]).Errors.Select(error => $"{call.Value}: {error.Message}").FirstOrDefault()
            : arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal) && !OptionsOfBenches.Contains($"\"{argument}\"", StringComparison.Ordinal) && !Dev.Contains(argument, StringComparison.Ordinal))
                .Select(argument => $"{call.Value}: no option {argument}")
                .FirstOrDefault();
    }

    // Values that the reader puts in.
    private static string Placeholder(string argument) => argument switch
    {
        "N" or "SECONDS" => "1",
        _ => argument.Trim('"', '\''),
    };

    private static string? Program(string command)
    {
        string bare = Assignment().Replace(command, "");
        return bare.Length == 0 ? null : bare.Split(' ')[0];
    }

    private static bool IsRoute(string path)
    {
        if (path.StartsWith("/admin/functions/", StringComparison.Ordinal))
            return Names.Contains(path["/admin/functions/".Length..]);
        string[] asked = path.Trim('/').Split('/');
        return Routes.Any(route => Fits(route.Route.Split('/'), asked));
    }

    private static bool Fits(string[] route, string[] asked) =>
        route.Length == asked.Length && route.Zip(asked).All(static part => part.First.StartsWith('{') || part.First == part.Second || part.Second is "…" or "*");

    [GeneratedRegex(@"&&|\|\||\||;")]
    private static partial Regex Step();

    [GeneratedRegex(@"^(\./dev|infra/release)( |$)")]
    private static partial Regex OurScript();

    [GeneratedRegex(@"(?<script>\./dev|infra/release) (?<verb>[a-z][a-z-]*)(?<arguments>[^)|;&]*)")]
    private static partial Regex OurCall();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[^\\s\\[\\]]+")]
    private static partial Regex Argument();

    [GeneratedRegex(@"^[A-Z_][A-Za-z0-9_]*=\$\(|^([A-Z_][A-Za-z0-9_]*=(""[^""]*""|\S+) *)+")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?:(?:GET|HEAD|PUT|POST) |http://127\.0\.0\.1:\d+)(?<path>/(?:api|admin)(?:/[\w{}.…*-]+)*)")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w/.-])(?:src|infra|tests|bench|docs)/[\w./-]+")]
    private static partial Regex RepositoryPath();
}
