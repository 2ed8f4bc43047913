using System;
using System.CommandLine;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.LocalHost.Deploying;
using TByte.Functions.LocalHost.Diagnosing;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Settings;
using TByte.Functions.Postgres;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>The verbs of <c>dotnet run --project src/LocalHost</c>.</summary>
internal static class Verbs
{
    private const int Failure = 1;

    // Signals are the Interruption's; the library would end the process after 2 s.
    public static int Run(string[] arguments) => Root().Parse(arguments).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

    public static RootCommand Root() => new("Runs the shop's function apps on this machine, with what they need.")
    {
        RunVerb(), TokenVerb(), MigrateVerb(), SeedVerb(), GrantVerb.Create(), DiagnoseVerb.Create(), SettingsVerb.Create(), AppVerb(), GarnetVerb(),
    };

    private static Command RunVerb()
    {
        var port = new Option<int>("--port") { Description = "The first Api's port. Further instances follow it; Warmup is 100 above it, Maintenance 200.", DefaultValueFactory = _ => 7071 };
        var instances = new Option<int>("--instances") { Description = "How many instances of the Api run.", DefaultValueFactory = _ => 1 };
        var replicas = new Option<int>("--replicas") { Description = "How many streaming replicas PostgreSQL has." };
        var data = new Option<string?>("--data") { Description = "Seeds with a shop's sales, a CSV, plain or .gz, instead of generated data." };
        var postgres = new Option<string?>("--postgres") { Description = "An Npgsql connection string: starts no PostgreSQL. It is migrated, and seeded if it is empty." };
        var redis = new Option<string?>("--redis") { Description = "A StackExchange.Redis connection string: starts no Redis." };
        var state = StateOption();
        var command = new Command("run", "Starts PostgreSQL, Redis and the three apps, until Ctrl-C.") { port, instances, replicas, data, postgres, redis, state };
        Handle(command, async (parsed, interruption) =>
        {
            var options = new RunOptions
            {
                Port = parsed.GetValue(port),
                Instances = parsed.GetValue(instances),
                Replicas = parsed.GetValue(replicas),
                DataFile = parsed.GetValue(data),
                Postgres = parsed.GetValue(postgres),
                Redis = parsed.GetValue(redis),
                StateDirectory = parsed.GetValue(state) ?? Repository.State,
            };
            await new Supervisor(options, new Terminal(Console.WriteLine), TimeProvider.System).RunAsync(interruption);
        });
        return command;
    }

    private static Command TokenVerb()
    {
        var user = new Option<long?>("--user") { Description = "The customer's number." };
        var roles = new Option<string[]>("--role") { Description = "catalog.write, orders.read or reports.read; may be repeated." };
        var hours = new Option<double>("--hours") { Description = "How long it is valid.", DefaultValueFactory = _ => 12 };
        var state = StateOption();
        var command = new Command("token", "Prints a bearer token that the apps of 'run' accept.") { user, roles, hours, state };
        Handle(command, (parsed, _) =>
        {
            LocalTokens tokens = new LocalState(parsed.GetValue(state) ?? Repository.State).Tokens();
            Console.WriteLine(tokens.Create(parsed.GetValue(user), parsed.GetValue(roles) ?? [], TimeSpan.FromHours(parsed.GetValue(hours))));
            return Task.CompletedTask;
        });
        return command;
    }

    private static Command MigrateVerb()
    {
        var postgres = new Option<string>("--postgres") { Description = "An Npgsql connection string.", Required = true };
        var command = new Command("migrate", "Brings a database's schema up to date.") { postgres };
        Handle(command, (parsed, interruption) =>
            Shop.MigrateAsync(parsed.GetRequiredValue(postgres), new Terminal(Console.WriteLine), interruption.Stop));
        return command;
    }

    private static Command SeedVerb()
    {
        var defaults = new GeneratorOptions();
        var postgres = new Option<string>("--postgres") { Description = "An Npgsql connection string.", Required = true };
        var data = new Option<string?>("--data") { Description = "A shop's sales, a CSV, plain or .gz." };
        var products = new Option<int>("--products") { Description = "How many products are generated.", DefaultValueFactory = _ => defaults.Products };
        var users = new Option<int>("--users") { Description = "How many users are generated.", DefaultValueFactory = _ => defaults.Users };
        var orders = new Option<int>("--orders") { Description = "How many orders are generated.", DefaultValueFactory = _ => defaults.Orders };
        var command = new Command("seed", "Fills a migrated, empty database.") { postgres, data, products, users, orders };
        Handle(command, (parsed, interruption) =>
        {
            GeneratorOptions generator = defaults with
            {
                Products = parsed.GetValue(products),
                Users = parsed.GetValue(users),
                Orders = parsed.GetValue(orders),
            };
            var options = new SeedOptions { SalesFile = parsed.GetValue(data), Generator = generator };
            return Shop.SeedAsync(parsed.GetRequiredValue(postgres), options, new Terminal(Console.WriteLine), interruption.Stop);
        });
        return command;
    }

    private static Command AppVerb()
    {
        var name = new Argument<string>("name") { Description = "Api, Warmup or Maintenance." };
        var port = new Option<int>("--port") { Description = "0 takes any that is free." };
        var command = new Command(AppProcess.Verb, "Runs one function app, with the settings in the environment.") { name, port };
        Handle(command, (parsed, interruption) => AppRun.UntilStoppedAsync(parsed.GetRequiredValue(name), parsed.GetValue(port), interruption.Stop));
        return command;
    }

    private static Command GarnetVerb()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command(GarnetCommand.Verb, "Runs Garnet, a Redis, on 127.0.0.1.") { port };
        Handle(command, (parsed, interruption) => GarnetCommand.RunAsync(parsed.GetRequiredValue(port), interruption.Stop));
        return command;
    }

    public static Option<string?> StateOption() => new("--state") { Description = "Where data, keys and ports are kept between runs; .local in the repository if not given." };

    /// <summary>Exits with 0, or as the interruption says.</summary>
    public static void Handle(Command command, Func<ParseResult, Interruption, Task> work) => Handle(command, async (parsed, interruption) =>
    {
        await work(parsed, interruption);
        return interruption.ExitCode;
    });

    /// <param name="command">Gets the action.</param>
    /// <param name="work">Returns the exit code.</param>
    public static void Handle(Command command, Func<ParseResult, Interruption, Task<int>> work) => command.SetAction(async (parsed, _) =>
    {
        using var interruption = new Interruption();
        try
        {
            return await work(parsed, interruption);
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
        catch (Exception e) when (e is UsageException or SeedException or DatabaseMigrationException or InvalidOperationException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failure;
        }
    });
}
