using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>Compiles a function's method to one delegate, so that an invocation needs no reflection.</summary>
internal static class FunctionCompiler
{
    public static HostedFunction Compile(FunctionEntry function, IServiceCollection services)
    {
        ParameterExpression invocation = Expression.Parameter(typeof(Invocation), "invocation");
        Expression? instance = function.Method.IsStatic ? null : InstanceExpression.Create(function.Method.DeclaringType!, services, invocation);
        IEnumerable<Expression> arguments = function.Method.GetParameters().Select(parameter => Argument(function, parameter, invocation));
        Expression body = FunctionReturn.Keep(Expression.Call(instance, function.Method, arguments), invocation);
        return new HostedFunction(function, Expression.Lambda<Func<Invocation, Task>>(body, invocation).Compile());
    }

    private static Expression Argument(FunctionEntry function, ParameterInfo parameter, ParameterExpression invocation)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return invocation;
        if (type == typeof(CancellationToken))
            return Expression.Property(invocation, nameof(Invocation.CancellationToken));

        return function.Trigger switch
        {
            Trigger.Http when type == typeof(HttpRequest) => Expression.Property(Http(invocation), nameof(HttpInvocation.Request)),
            Trigger.Http http when type == typeof(string) && HasRouteValue(http.Route, parameter.Name!) =>
                Expression.Call(Http(invocation), nameof(HttpInvocation.RouteValue), null, Expression.Constant(parameter.Name!)),
            Trigger.Timer when type == typeof(TimerInfo) =>
                Expression.Property(Expression.Convert(invocation, typeof(EventInvocation)), nameof(EventInvocation.Timer)),
            Trigger.Warmup when parameter.Position == function.TriggerParameter.Position => Expression.Default(type),
            _ => throw new InvalidOperationException(
                $"{function.App}, function {function.Name}: nothing to bind parameter {parameter.Name} of type {type.Name} to."),
        };
    }

    private static UnaryExpression Http(ParameterExpression invocation) => Expression.Convert(invocation, typeof(HttpInvocation));

    private static bool HasRouteValue(string route, string name) => RoutePatternFactory.Parse(route).GetParameter(name) is not null;
}
