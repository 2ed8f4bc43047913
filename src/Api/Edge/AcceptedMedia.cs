using System.Collections.Generic;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TByte.Functions.Api.Edge;

/// <summary>What a caller would rather have, by its <c>Accept</c>.</summary>
internal static class AcceptedMedia
{
    /// <summary>Whether one media type is asked for with a higher quality than the other, or by name where the other is not.</summary>
    public static bool Prefers(HttpRequest request, string one, string other)
    {
        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        (double Quality, int Specificity) rank = Rank(accepted, one);
        return rank.Quality > 0 && rank.CompareTo(Rank(accepted, other)) > 0;
    }

    // The most specific range that holds the type decides, RFC 9110, 12.5.1.
    private static (double Quality, int Specificity) Rank(IList<MediaTypeHeaderValue> accepted, string type)
    {
        MediaTypeHeaderValue wanted = new(type);
        (double Quality, int Specificity) rank = (0, -1);
        foreach (MediaTypeHeaderValue range in accepted)
        {
            int specificity = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (wanted.IsSubsetOf(range) && specificity > rank.Specificity)
                rank = (range.Quality ?? 1, specificity);
        }

        return rank;
    }
}
