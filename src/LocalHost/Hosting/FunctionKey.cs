using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The key that the host asks for above <c>AuthorizationLevel.Anonymous</c>.</summary>
internal sealed class FunctionKey(string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>The key to ask for, or null when keys are not asked for.</summary>
    public static FunctionKey? From(LocalFunctionAppOptions options)
    {
        if (!options.RequireKeys)
            return null;
        return string.IsNullOrEmpty(options.FunctionKey)
            ? throw new InvalidOperationException("Function keys are required, but no function key is given.")
            : new FunctionKey(options.FunctionKey);
    }

    /// <summary>Runs <paramref name="next"/> for callers with the key and answers 401 to others.</summary>
    public RequestDelegate Protect(RequestDelegate next) => http =>
    {
        if (IsGiven(http.Request))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    };

    private bool IsGiven(HttpRequest request)
    {
        string? given = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _key);
    }
}
