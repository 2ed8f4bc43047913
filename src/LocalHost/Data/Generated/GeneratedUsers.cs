using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>Users who all signed up in the year before the first order.</summary>
internal sealed class GeneratedUsers(GeneratorOptions options)
{
    private static readonly string[] FirstNames =
    [
        "Amelia", "Arthur", "Beatrice", "Carlos", "Charlotte", "Daniel", "Elena", "Emma", "Farid", "Fiona", "George", "Grace",
        "Hannah", "Hugo", "Ines", "Isaac", "Jack", "Julia", "Kofi", "Laura", "Leon", "Maria", "Mei", "Noah",
        "Nora", "Oliver", "Priya", "Rosa", "Samuel", "Sofia", "Thomas", "Yusuf",
    ];

    private static readonly string[] LastNames =
    [
        "Adams", "Baker", "Bauer", "Brown", "Carter", "Clark", "Costa", "Davies", "Dubois", "Evans", "Fischer", "Garcia",
        "Green", "Hall", "Hughes", "Jansen", "Jones", "Khan", "Kowalski", "Lewis", "Martin", "Moreau", "Murphy", "Novak",
        "Patel", "Rossi", "Silva", "Smith", "Taylor", "Walker", "Wilson", "Young",
    ];

    public Popularity Activity { get; } =
        new(options.Users, flattening: 9, DeterministicRandom.For(options.Seed, RandomStream.UserRanks, 0));

    public IEnumerable<UserRow> Rows => Enumerable.Range(0, options.Users).Select(Row);

    private UserRow Row(int index)
    {
        var random = DeterministicRandom.For(options.Seed, RandomStream.User, index);
        var first = random.Pick<string>(FirstNames);
        var last = random.Pick<string>(LastNames);
        var email = string.Create(CultureInfo.InvariantCulture, $"{first}.{last}.{index + 1}@example.com").ToLowerInvariant();
        var signedUp = OrderTimes.First(options).AddSeconds(-random.Below(365 * 24 * 60 * 60));
        return new UserRow(index + 1, email, $"{first} {last}", Active: !random.Chance(2), signedUp);
    }
}
