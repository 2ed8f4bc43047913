using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>A document that was worked out for one caller, who may have it already: its tag is the hash of its bytes.</summary>
internal static class DerivedResult
{
    public static IResult Of<T>(T document, JsonTypeInfo<T> json) => new RepresentationResult(
        answer: null,
        new Representation(JsonSerializer.SerializeToUtf8Bytes(document, json), version: 0),
        CacheControl.PrivateRevalidate,
        vary: "Authorization");
}
