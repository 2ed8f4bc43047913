using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;
using TByte.Functions.Resilience;

namespace TByte.Functions.Api.Operations;

/// <summary>Reads <c>{"state": …, "for": …, "reason": …, "by": …}</c>, strictly: what is unknown, doubled or out of bounds is an error.</summary>
internal static class BreakerOrderBody
{
    private const int MostReasonLength = 200;
    private const string NoReason = "no reason was given";

    // Not all that "c" reads: there "5" is five days and "1:30" one hour and a half.
    private static readonly string[] TimeFormats = [@"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF"];

    // The store counts in milliseconds.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static async Task<(BreakerOrder? Order, IResult? Problem)> ReadAsync(HttpRequest request, ClientAddress client)
    {
        (BreakerOrderDocument? document, IResult? problem) = await JsonBody.ReadAsync(
            request, BreakerOrderJson.Default.BreakerOrderDocument, "an object with a state and, as needed, for, reason and by (strings)");
        if (document is null
            || !TryReadState(document.State, out BreakerState? state, out problem)
            || !TryReadTime(document.For, state, out TimeSpan time, out problem)
            || !TryReadLine("reason", document.Reason, MostReasonLength, out string? reason, out problem)
            || !TryReadLine("by", document.By, Operator.MostLength, out string? by, out problem))
        {
            return (null, problem);
        }

        return (new BreakerOrder(state, time, by ?? await Operator.OfAsync(request, client), reason ?? NoReason), null);
    }

    private static bool TryReadState(string text, out BreakerState? state, [NotNullWhen(false)] out IResult? problem)
    {
        state = text switch
        {
            "open" => BreakerState.Open,
            "closed" => BreakerState.Closed,
            _ => null,
        };
        problem = state is null && text != "auto" ? Problem.BadRequest("state must be open, closed or auto.") : null;
        return problem is null;
    }

    private static bool TryReadTime(string? text, BreakerState? state, out TimeSpan time, [NotNullWhen(false)] out IResult? problem)
    {
        time = TimeSpan.Zero;
        if (state is null)
        {
            problem = text is null ? null : Problem.BadRequest("for must not be given with auto, which ends an order.");
            return problem is null;
        }

        bool isTime = TimeSpan.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, out time)
            && time >= Shortest && time <= BreakerOrder.Longest;
        problem = isTime ? null : Problem.BadRequest(
            $"for must be given with open and closed: how long the order holds, as hh:mm:ss, such as 00:05:00; at most {BreakerOrder.Longest:c}.");
        return isTime;
    }

    private static bool TryReadLine(string name, string? text, int most, out string? line, [NotNullWhen(false)] out IResult? problem)
    {
        line = text?.Trim();
        bool isGood = line is null || PrintableLine.Is(line, most);
        problem = isGood ? null : Problem.BadRequest($"{name} must be one line of 1 to {most} printable characters, with a letter or a digit.");
        return isGood;
    }
}

internal sealed record BreakerOrderDocument
{
    public required string State { get; init; }

    public string? For { get; init; }

    public string? Reason { get; init; }

    public string? By { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(BreakerOrderDocument))]
internal sealed partial class BreakerOrderJson : JsonSerializerContext;
