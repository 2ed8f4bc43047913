namespace TByte.Functions.Micro;

internal static class Bodies
{
    public static readonly byte[] Product = """
        {"id":42,"sku":"85123A","name":"White hanging heart T-light holder","description":"A holder for one candle.","price":2.55,"categoryId":3,"available":true,"version":7,"updatedAt":"2026-01-01T00:00:00+00:00"}
        """u8.ToArray();
}
