using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function app that runs on Kestrel at 127.0.0.1, with a container of its own.</summary>
internal sealed class LocalFunctionApp : IAsyncDisposable
{
    private readonly WebApplication _web;

    private LocalFunctionApp(WebApplication web) => _web = web;

    /// <summary>Where the app listens.</summary>
    public Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The app's container.</summary>
    public IServiceProvider Services => _web.Services;

    public static async Task<LocalFunctionApp> StartAsync(
        FunctionAppDefinition app, LocalFunctionAppOptions options, CancellationToken cancellationToken)
    {
        FunctionKey? key = FunctionKey.From(options);
        IReadOnlyList<FunctionEntry> catalog = FunctionCatalog.Discover(app);
        WebApplicationBuilder web = LocalWebApplication.CreateBuilder(app, HostSettings.Load(app.Name, options), options);
        FunctionsApplicationBuilder builder = new(web);
        builder.ConfigureFunctionsWebApplication();
        app.Compose(builder);
        HostedFunction[] functions = [.. catalog.Select(function => FunctionCompiler.Compile(function, web.Services))];
        FunctionExecutionDelegate pipeline = builder.BuildPipeline(static context => Execute((Invocation)context));
        Dictionary<string, TimerSchedule> schedules = options.RunTimers ? Schedules(catalog, web.Configuration) : [];

        // Build() adds the service of Kestrel after this one, so the warm-up ends before Kestrel listens.
        web.Services.AddSingleton(services => CreateEvents(functions, pipeline, options, services));
        web.Services.AddHostedService(services => services.GetRequiredService<EventFunctions>());
        LocalFunctionApp running = new(web.Build());
        try
        {
            EventFunctions events = running.Services.GetRequiredService<EventFunctions>();
            LocalWebApplication.Configure(running._web, FunctionEndpoints.Create(functions, pipeline, key, events, running.Services));
            await running.ListenAsync(app.Name, options.Port, cancellationToken);
            events.StartTimers(schedules);
            return running;
        }
        catch
        {
            // Not stopped: a host that has not started throws at that, and hides why.
            await running._web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the app is told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _web.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private async Task ListenAsync(string app, int port, CancellationToken cancellationToken)
    {
        try
        {
            await _web.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new IOException($"{app} cannot listen on 127.0.0.1:{port}: {exception.Message}", exception);
        }
    }

    private static Task Execute(Invocation invocation) => invocation.Function.Call(invocation);

    private static Dictionary<string, TimerSchedule> Schedules(IReadOnlyList<FunctionEntry> catalog, IConfiguration settings)
    {
        Dictionary<string, TimerSchedule> schedules = [];
        foreach (FunctionEntry function in catalog)
        {
            if (function.Trigger is Trigger.Timer timer)
                schedules.Add(function.Name, TimerSchedule.Create(function, timer, settings));
        }

        return schedules;
    }

    private static EventFunctions CreateEvents(
        HostedFunction[] functions, FunctionExecutionDelegate pipeline, LocalFunctionAppOptions options, IServiceProvider services)
    {
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        EventFunction[] events =
        [
            .. functions
                .Where(function => function.Entry.Trigger is not Trigger.Http)
                .Select(function => new EventFunction(function, pipeline, scopes, loggers.CreateLogger($"Function.{function.Entry.Name}"))),
        ];
        return new EventFunctions(events, services.GetService<TimeProvider>() ?? TimeProvider.System, options, loggers.CreateLogger("Host"));
    }
}
