using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using TByte.Functions.Throttling;

namespace TByte.Functions.Api.Edge;

/// <summary>
/// Whom a request comes from, told by the proxies that can be trusted. Each proxy appends to <c>X-Forwarded-For</c> whom it was
/// called by, so the truth is counted from the right; what stands before it was sent by the caller. The last entry, the host's own, has
/// been taken off by the worker and is the connection's address.
/// </summary>
public sealed class ClientAddress
{
    // Set on every instance in Azure, and nowhere else.
    private const string AzureInstance = "WEBSITE_INSTANCE_ID";

    private readonly int _hops;

    /// <summary>With the number of proxies that <see cref="RateLimitOptions.TrustedProxyHops"/> says.</summary>
    public ClientAddress(RateLimitOptions options, IConfiguration configuration) =>
        _hops = options.TrustedProxyHops ?? (configuration[AzureInstance] is null ? 0 : 1);

    /// <summary>The caller's address; that of the farthest trusted proxy when there are fewer than expected. IPv4 is never mapped to IPv6.</summary>
    public IPAddress Of(HttpContext http)
    {
        IPAddress address = Unmapped(http.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_hops == 0)
            return address;

        StringValues fields = http.Request.Headers["X-Forwarded-For"];
        int hop = 0;
        for (int i = fields.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> left = fields[i];
            while (hop < _hops && !left.IsEmpty)
            {
                int comma = left.LastIndexOf(',');
                // An entry that is none was not written by a proxy, nor was what stands before it.
                if (!TryParse(left[(comma + 1)..].Trim(), out IPAddress? entry))
                    return address;

                address = entry;
                hop++;
                left = left[..Math.Max(0, comma)];
            }
        }

        return address;
    }

    // App Service writes the port, too.
    private static bool TryParse(ReadOnlySpan<char> entry, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPEndPoint.TryParse(entry, out IPEndPoint? end) ? Unmapped(end.Address) : null;
        return address is not null;
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
