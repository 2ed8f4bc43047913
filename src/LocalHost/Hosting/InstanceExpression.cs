using System;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>
/// Makes the new instance that each invocation gets, as the worker does. When all that the constructor takes are singletons
/// they are looked up once, and an invocation that asks for nothing else creates no scope.
/// </summary>
internal static class InstanceExpression
{
    public static Expression Create(Type type, IServiceCollection services, ParameterExpression invocation)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        return constructors.Length == 1 && constructors[0].GetParameters().All(parameter => IsSingleton(parameter, services))
            ? FromSingletons(constructors[0], invocation)
            : FromScope(type, invocation);
    }

    private static NewExpression FromSingletons(ConstructorInfo constructor, ParameterExpression invocation)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        ConstantExpression singletons = Expression.Constant(new Singletons([.. parameters.Select(parameter => parameter.ParameterType)]));
        return Expression.New(constructor, parameters.Select(parameter => Expression.Convert(
            Expression.Call(singletons, nameof(Singletons.Get), null, invocation, Expression.Constant(parameter.Position)),
            parameter.ParameterType)));
    }

    private static UnaryExpression FromScope(Type type, ParameterExpression invocation)
    {
        ObjectFactory factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        return Expression.Convert(
            Expression.Invoke(
                Expression.Constant(factory),
                Expression.Property(invocation, nameof(Invocation.InstanceServices)),
                Expression.Constant(Array.Empty<object>())),
            type);
    }

    private static bool IsSingleton(ParameterInfo parameter, IServiceCollection services)
    {
        if (parameter.IsDefined(typeof(FromKeyedServicesAttribute)))
            return false;
        Type type = parameter.ParameterType;
        Type? definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : null;
        ServiceDescriptor? service = services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == type)
            ?? services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == definition);
        return service?.Lifetime == ServiceLifetime.Singleton;
    }

    private sealed class Singletons(Type[] types)
    {
        private object[]? _values;

        public object Get(Invocation invocation, int index) => (_values ??= Resolve(invocation.InstanceServices))[index];

        private object[] Resolve(IServiceProvider services) => [.. types.Select(services.GetRequiredService)];
    }
}
