using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>Kestrel with the worker's fixed pipeline: forwarded headers, routing, endpoint, and nothing else.</summary>
internal static class LocalWebApplication
{
    public static WebApplicationBuilder CreateBuilder(FunctionAppDefinition app, IConfiguration settings, LocalFunctionAppOptions options)
    {
        WebApplicationBuilder web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = app.Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = settings["AZURE_FUNCTIONS_ENVIRONMENT"] ?? Environments.Development,
        });
        web.Configuration.AddConfiguration(settings, shouldDisposeConfiguration: true);
        web.Host.UseDefaultServiceProvider((context, provider) =>
            provider.ValidateScopes = provider.ValidateOnBuild = context.HostingEnvironment.IsDevelopment());
        web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        web.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        web.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        AddLogging(web);
        return web;
    }

    public static void Configure(WebApplication web, IEnumerable<Endpoint> endpoints)
    {
        // WebApplication adds these by itself once an app registers authentication; the worker has neither.
        IDictionary<string, object?> properties = ((IApplicationBuilder)web).Properties;
        properties["__AuthenticationMiddlewareSet"] = true;
        properties["__AuthorizationMiddlewareSet"] = true;

        ((IEndpointRouteBuilder)web).DataSources.Add(new DefaultEndpointDataSource(endpoints));
        UseForwardedHeaders(web);
        web.UseRouting();
        web.Run(AnswerAsync);
    }

    /// <summary>Most local requests have no such header, and looking is cheaper than running the middleware for nothing.</summary>
    private static void UseForwardedHeaders(WebApplication web)
    {
        ForwardedHeadersOptions names = web.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value;
        web.UseWhen(
            http => IsForwarded(http.Request.Headers, names),
            forwarded => forwarded
                .Use((http, next) =>
                {
                    AppendPeer(http, names.ForwardedForHeaderName);
                    return next(http);
                })
                .UseForwardedHeaders());
    }

    /// <summary>The host stands between, and adds whom it was called by to what came; that is the entry which the worker then takes off.</summary>
    private static void AppendPeer(HttpContext http, string name)
    {
        if (http.Request.Headers.ContainsKey(name))
            http.Request.Headers.AppendCommaSeparatedValues(name, http.Connection.RemoteIpAddress!.ToString());
    }

    private static bool IsForwarded(IHeaderDictionary headers, ForwardedHeadersOptions names) =>
        headers.ContainsKey(names.ForwardedForHeaderName)
        || headers.ContainsKey(names.ForwardedProtoHeaderName)
        || headers.ContainsKey(names.ForwardedHostHeaderName)
        || headers.ContainsKey(names.ForwardedPrefixHeaderName);

    /// <summary>Runs the matched route. What ASP.NET Core matches for a method that is not listed is no route of ours: 404.</summary>
    private static Task AnswerAsync(HttpContext http)
    {
        if (http.GetEndpoint() is RouteEndpoint { RequestDelegate: { } answer })
            return answer(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static void AddLogging(WebApplicationBuilder web)
    {
        web.Logging
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            })
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)

            // An enabled logger of this category makes ASP.NET Core start an activity for each request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddConfiguration(web.Configuration.GetSection("Logging"));
    }
}
