using CsCheck;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

public sealed class ViewTallyTests
{
    private static readonly Dictionary<string, long> NothingCounted = [];

    // Batches as a queue could hold them: of few senders, so that sequences repeat and come back.
    private static readonly Gen<ViewBatch[]> Batches = Gen.Select(
        Gen.Int[0, 2], Gen.Long[1, 8], Gen.Long[1, 5], Gen.Select(Gen.Long[1, 4], Gen.Long[1, 9], static (product, views) => new ProductViews(product, views)).List[1, 4],
        static (sender, sequence, hour, products) => new ViewBatch($"s{sender}", sequence, hour, products)).Array[0, 30];

    [Fact]
    public void A_sequence_counts_once_and_never_after_a_later_one() => Batches.Sample(static batches =>
    {
        Dictionary<string, long> counted = new() { ["s0"] = 3 };
        ViewTally tally = ViewTally.Of(batches, counted, thisHour: 3);

        Dictionary<string, long> last = new(counted);
        Dictionary<(long, long), long> hours = [];
        foreach (ViewBatch batch in batches.Where(batch => batch.Sequence > last.GetValueOrDefault(batch.Sender)).ToList())
        {
            // Looked at again: an earlier one of the list may have been of the same sender.
            if (batch.Sequence <= last.GetValueOrDefault(batch.Sender))
                continue;
            last[batch.Sender] = batch.Sequence;
            foreach ((long product, long views) in batch.Products)
                hours[(Math.Min(3, batch.Hour), product)] = hours.GetValueOrDefault((Math.Min(3, batch.Hour), product)) + views;
        }

        Assert.Equal(hours.Values.Sum(), tally.Views);
        Assert.Equal(hours.OrderBy(static of => of.Key), tally.OfHours.OrderBy(static of => of.Key));
        Assert.Equal(
            hours.GroupBy(static of => of.Key.Item2).ToDictionary(static of => of.Key, static of => of.Sum(static one => one.Value)).OrderBy(static of => of.Key),
            tally.OfProducts.OrderBy(static of => of.Key));
        Assert.All(tally.LastSequences, sender => Assert.Equal(last[sender.Key], sender.Value));
        Assert.Equal(hours.Count == 0 ? long.MinValue : hours.Keys.Max(static of => of.Item1), tally.NewestHour);
    }, iter: 2_000);

    [Fact]
    public void A_view_counts_half_as_much_after_each_half_life()
    {
        ViewTally tally = ViewTally.Of(
            [new("s", 1, 100, [new(1, 8)]), new("s", 2, 103, [new(1, 1)]), new("s", 3, 106, [new(2, 5)])], NothingCounted, thisHour: 200);

        Dictionary<long, double> decayed = tally.Decayed(TimeSpan.FromHours(3));

        Assert.Equal((8 * 0.25) + (1 * 0.5), decayed[1], precision: 9);
        Assert.Equal(5, decayed[2], precision: 9);
    }
}
