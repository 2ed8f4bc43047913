using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>Where the time went is told to who asks, and to nobody else.</summary>
public sealed partial class ServerTimingTests(Shop shop) : IClassFixture<Shop>
{
    private const string Header = "Server-Timing";

    [Fact]
    public async Task Tells_the_level_that_answered_and_of_a_miss_how_long_the_database_took()
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        Answer[] answers = [await AskAsync(shop.Api), await AskAsync(shop.Api), await AskAsync(other)];

        Assert.Equal(["miss", "l1", "l2"], answers.Select(answer => TimingOf(answer).Groups["level"].Value));
        Assert.Equal([true, false, false], answers.Select(answer => TimingOf(answer).Groups["db"].Success));
        double total = double.Parse(TimingOf(answers[0]).Groups["total"].Value, CultureInfo.InvariantCulture);
        double database = double.Parse(TimingOf(answers[0]).Groups["db"].Value, CultureInfo.InvariantCulture);
        // The database's is told in whole milliseconds.
        Assert.InRange(database, 0, total + 1);

        static async Task<Answer> AskAsync(ApiInstance api) => (await api.GetAsync("/api/v1/products/31", null, ("Prefer", "timing"))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v1/products/32", HttpStatusCode.OK, "Prefer")]
    [InlineData("/api/v1/products/0", HttpStatusCode.BadRequest, null)]
    [InlineData("/api/v1/orders/1", HttpStatusCode.Unauthorized, null)]
    [InlineData("/api/health/live", HttpStatusCode.OK, null)]
    public async Task Is_there_for_who_asks_and_caches_are_told(string path, HttpStatusCode status, string? vary)
    {
        Answer asked = (await shop.Api.GetAsync(path, null, ("Prefer", "respond-async, Timing; a=1"))).Is(status);
        TimingOf(asked);
        Assert.Equal("timing", asked["Preference-Applied"]);
        Assert.Equal(vary, asked["Vary"]);

        foreach (string prefer in (string[])["", "respond-async", "timings", "x;timing", "return=timing"])
        {
            Answer unasked = (await shop.Api.GetAsync(path, null, ("Prefer", prefer))).Is(status);
            Assert.Equal((null, null, null), (unasked[Header], unasked["Preference-Applied"], unasked["Vary"]));
        }
    }

    [Fact]
    public async Task Is_on_a_304_and_on_head_too()
    {
        TimingOf((await shop.Api.GetAsync("/api/v1/products/33", null, ("Prefer", "timing"), ("If-None-Match", "*"))).Is(HttpStatusCode.NotModified));
        TimingOf((await shop.Api.SendAsync(HttpMethod.Head, "/api/v1/products/33", null, null, ("Prefer", "timing"))).Is(HttpStatusCode.OK));
    }

    private static Match TimingOf(Answer answer)
    {
        Match match = Timing().Match(answer[Header] ?? "");
        Assert.True(match.Success, answer[Header] ?? "none");
        return match;
    }

    [GeneratedRegex("^total;dur=(?<total>[0-9.]+)(, cache;desc=\"(?<level>[a-z0-9]+)\")?(, db;dur=(?<db>[0-9]+))?$")]
    private static partial Regex Timing();
}
