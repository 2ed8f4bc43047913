namespace TByte.Functions.Views;

/// <summary>Batches added up: what they change in the database.</summary>
internal sealed class ViewTally
{
    private readonly Dictionary<long, long> _ofProducts = [];
    private readonly Dictionary<(long Hour, long Product), long> _ofHours = [];
    private readonly Dictionary<string, long> _lastSequences = [];

    /// <summary>Views in all.</summary>
    public long Views { get; private set; }

    /// <summary>By product.</summary>
    public IReadOnlyDictionary<long, long> OfProducts => _ofProducts;

    /// <summary>By hour, in hours since the Unix epoch, and product.</summary>
    public IReadOnlyDictionary<(long Hour, long Product), long> OfHours => _ofHours;

    /// <summary>The last sequence of each sender.</summary>
    public IReadOnlyDictionary<string, long> LastSequences => _lastSequences;

    /// <summary>The newest hour.</summary>
    public long NewestHour { get; private set; } = long.MinValue;

    /// <summary>Adds batches up that are not counted yet.</summary>
    /// <param name="batches">In the order in which they were sent.</param>
    /// <param name="counted">How far each sender is counted; nothing of those that are missing.</param>
    /// <param name="thisHour">What claims to be of a later hour is of this one.</param>
    public static ViewTally Of(IEnumerable<ViewBatch> batches, IReadOnlyDictionary<string, long> counted, long thisHour)
    {
        ViewTally tally = new();
        foreach (ViewBatch batch in batches)
        {
            long last = tally._lastSequences.GetValueOrDefault(batch.Sender, counted.GetValueOrDefault(batch.Sender));
            if (batch.Sequence > last)
                tally.Add(batch, Math.Min(batch.Hour, thisHour));
        }

        return tally;
    }

    /// <summary>By product, as of the newest hour, when a view counts half as much after each half-life.</summary>
    public Dictionary<long, double> Decayed(TimeSpan halfLife)
    {
        Dictionary<long, double> decayed = [];
        foreach (((long hour, long product), long views) in _ofHours)
            decayed[product] = decayed.GetValueOrDefault(product) + views * Math.Pow(0.5, (NewestHour - hour) / halfLife.TotalHours);
        return decayed;
    }

    private void Add(ViewBatch batch, long hour)
    {
        _lastSequences[batch.Sender] = batch.Sequence;
        NewestHour = Math.Max(NewestHour, hour);
        foreach ((long product, long views) in batch.Products)
        {
            Views += views;
            _ofProducts[product] = _ofProducts.GetValueOrDefault(product) + views;
            _ofHours[(hour, product)] = _ofHours.GetValueOrDefault((hour, product)) + views;
        }
    }
}
