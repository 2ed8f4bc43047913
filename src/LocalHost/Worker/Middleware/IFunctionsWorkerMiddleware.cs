using System.Threading.Tasks;

namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>A step of the invocation pipeline.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs this step and, through <paramref name="next"/>, the rest.</summary>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
