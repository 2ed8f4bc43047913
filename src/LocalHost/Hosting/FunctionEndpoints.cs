using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The routes of an app: one for each HTTP function, and the host's own to run other functions by hand.</summary>
internal static class FunctionEndpoints
{
    public static IEnumerable<Endpoint> Create(
        IEnumerable<HostedFunction> functions,
        FunctionExecutionDelegate pipeline,
        FunctionKey? key,
        EventFunctions events,
        IServiceProvider services)
    {
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        foreach (HostedFunction function in functions)
        {
            if (function.Entry.Trigger is not Trigger.Http http)
                continue;
            ILogger logger = loggers.CreateLogger($"Function.{function.Entry.Name}");
            RequestDelegate answer = new HttpFunction(function, pipeline, logger).AnswerAsync;
            bool needsKey = key is not null && http.AuthLevel != AuthorizationLevel.Anonymous;
            yield return Create(function.Entry.Name, http.Route, http.Methods, needsKey ? key!.Protect(answer) : answer);
        }

        RequestDelegate run = context => RunByHand(context, events);
        yield return Create("Run a function", "admin/functions/{name}", ["POST"], key?.Protect(run) ?? run);
    }

    private static Endpoint Create(string name, string route, IEnumerable<string> methods, RequestDelegate answer)
    {
        RouteEndpointBuilder endpoint = new(answer, RoutePatternFactory.Parse(route), order: 0) { DisplayName = name };
        if (methods.Any())
            endpoint.Metadata.Add(new HttpMethodMetadata(methods));
        return endpoint.Build();
    }

    private static Task RunByHand(HttpContext http, EventFunctions events)
    {
        bool found = events.TryRun((string)http.Request.RouteValues["name"]!);
        http.Response.StatusCode = found ? StatusCodes.Status202Accepted : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
