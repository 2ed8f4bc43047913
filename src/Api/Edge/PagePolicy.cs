using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Api.Edge;

/// <summary>What a browser is told of a page: what it may do, to take it for nothing else, and to tell no other site of its address.</summary>
internal static class PagePolicy
{
    /// <summary>Allows a script or a style that stands in the page, and only as it is: a source of a Content-Security-Policy.</summary>
    public static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    public static void Write(IHeaderDictionary headers, string contentSecurityPolicy)
    {
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
