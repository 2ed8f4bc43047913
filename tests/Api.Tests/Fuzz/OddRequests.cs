using System.Globalization;
using System.Text;
using CsCheck;
using TByte.Functions.Paging;
using TByte.Functions.Products;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Fuzz;

/// <summary>Generates requests that are wrong in one or more ways, and some that are right.</summary>
internal static class OddRequests
{
    private static readonly string[] Tokens =
    [
        TestToken.WithRoles(TestToken.OrdersRead, TestToken.CatalogWrite, TestToken.ReportsRead),
        TestToken.ForUser(1),
        TestToken.ForUser(long.MaxValue),
        TestToken.Expired(1),
        TestToken.Forged(1, TestToken.OrdersRead, TestToken.CatalogWrite),
        ForgedWith("""{"alg":"none"}""", """{"sub":"1","roles":["orders.read","catalog.write"]}"""),
        ForgedWith("""{"alg":"HS256"}""", """{"iss":"evil\r\nSet-Cookie: a=b","exp":1}"""),
        ForgedWith("""{"alg":"HS256","kid":"\u0000\ud83d"}""", """{"iss":"\u2028","aud":["\"", 5, null]}"""),
        ForgedWith("""{"alg":"RS256","jku":"http://127.0.0.1:9/"}""", "[]"),
        ForgedWith("null", "null"),
        "", ".", "..", "...", "a.b.c", "%00", new string('a', 20_000),
    ];

    private static readonly Gen<string> Numbers = Gen.OneOf(
        "0", "-0", "-1", "1", "2", "42", "500", "00000000000000000000000000000001", "2147483648", "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808", "18446744073709551616", "1e9", "1e400", "1000000000", "0x1F", "1.0", "1,000", "NaN", "Infinity", "null",
        "true", "",
        "%20", "%001", "1%00", "+1", "%2B1", "٣", "%D9%A3", "1%0d%0aSet-Cookie:a=b", "9999999999.99", "10000000000", "0.001", ".5", "5.",
        "79228162514264337593543950336", "1.0000000000000000000000000000000000001", new string('9', 4_000));

    private static readonly Gen<string> Cursors = Gen.Frequency(
        (3, Gen.Select(Gen.Int[0, 22], Gen.Int[0, 6], Gen.Bool).Select((at, bit, byPrice) => Flip(byPrice ? PriceCursor : TimeCursor,
            at, bit))),
        (1, Gen.OneOf(PriceCursor, TimeCursor, PriceCursor[..^1], PriceCursor + "A", PriceCursor + "==", "%20" + PriceCursor,
            new string('A', 23))),
        (1, Gen.OneOf("Af__________AAAAAAAAAAE", "An__________f_________8", "Av__________f_________8", "AQAAAAAAAAAAf_________8")));

    private static readonly Gen<string> Texts = Gen.Frequency(
        (2, Gen.String[0, 40].Select(Uri.EscapeDataString)),
        (1, Gen.Byte.Array[0, 20].Select(bytes => string.Concat(bytes.Select(one => $"%{one:x2}")))),
        (1, Gen.OneOf(
            "%", "%%", "%1", "%zz", "%u1234", "%C0%AF", "%ED%A0%80", "%FF%FE", "%F4%90%80%80", "%EF%BF%BF", "..", "%2e%2e",
            "..%2f..%2fetc", "a%2Fb", "a%5Cb", "'", "%27%20or%201=1--",
            "%22%3E%3Cscript%3E", "a@b", "A@EXAMPLE.ORG", "%F0%9F%9B%92@example.org", "%00@example.org", ";", "|", "[", "{id}", "*",
            "~", new string('a', 7_000))));

    private static readonly Gen<string> Days = Gen.Frequency(
        (3, Gen.Int[0, 3_652_058].Select(day => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
        (1, Gen.OneOf("2025-01-01", "2025-02-01", "2025-02-29", "0000-00-00", "-001-01-01", "10000-01-01", "2025-1-1", "2025-01-01Z", "20250101", "infinity", "now")));

    private static readonly Gen<string> Values = Gen.OneOf(Numbers, Cursors, Texts, Days);

    private static readonly Gen<string> Query = Gen.Frequency(
        (2, Gen.Const("")),
        (6, Gen.Select(
                Gen.Frequency(
                    (9, Gen.OneOf("category", "minPrice", "maxPrice", "limit", "after", "email", "from", "to", "LIMIT", "Email")),
                    (1, Gen.OneOf("", "code", "limit[]", "%6Cimit", "limit%00", "__proto__", "a%ffb"))),
                Values)
            .Select((name, value) => $"{name}={value}").Array[1, 4].Select(pairs => "?" + string.Join('&', pairs))),
        (1, Gen.OneOf("?", "?&", "?=", "??", "?limit", "?limit=1;after=2", "?" + string.Concat(Enumerable.Repeat("limit=1&", 800)))));

    private static readonly Gen<string> Paths = Gen.Frequency(
        (8, Gen.Select(
                Gen.OneOf("/api/v1/products/{0}", "/api/v1/orders/{0}", "/api/v1/users/{0}/orders", "/api/ops/breakers/{0}"),
                Gen.Frequency((2, Gen.OneOf("1", "2", "42", "500")), (3, Numbers), (1, Values)))
            .Select((path, id) => path.Replace("{0}", id, StringComparison.Ordinal))),
        (6, Gen.OneOf("/api/v1/products", "/api/v1/users", "/api/v1/reports/category-sales", "/api/v1/products/", "/api/health/live", "/api/health/ready",
            "/api/ops/status", "/api/ops/diagnosis", "/api/ops/breakers/postgres-primary", "/api/openapi.json", "/api/docs")),
        (1, Gen.OneOf("/", "//", "/api", "/api//v1/products/1", "/api/v1/./products/1", "/api/v1/products/../orders/1",
            "/admin/functions/none", "*")));

    private static readonly Gen<(string Name, string Value)> Header = Gen.Frequency(
        (6, Gen.OneOf(Tokens).Select(token => ("Authorization", $"Bearer {token}"))),
        (1, Gen.OneOf("Basic YTpi", "bearer", "Bearer", "Bearer a b", "Bearer \u00e4", "\t",
            ", Bearer x").Select(value => ("Authorization", value))),
        (4, Gen.Select(Gen.OneOf("If-Match", "If-None-Match"), Gen.OneOf(
            "*", "\"1-000000000000\"", "W/\"1-000000000000\"", "\"2-0123456789ab\", \"3-0123456789ab\"", "\"", "\"\"", "W/", "a", "",
            ",", ",,,", "\"a\"b", "\"\u00e4\"",
            "\"9223372036854775808-000000000000\"", "\"-1-000000000000\"", "\"-000000000000\"", string.Join(',', Enumerable.Range(0,
            900).Select(one => $"\"{one}-000000000000\""))))),
        (2, Gen.OneOf("application/json", "application/json; charset=utf-8", "application/json; charset=\"",
            "application/json; charset=utf-7", "text/plain", "a/b/c", "", ";", "*/*")
            .Select(value => ("Content-Type", value))),
        (2, Gen.OneOf(
            Gen.OneOf("", "*/*", "text/html", "a/b;q=z", "application/xml").Select(value => ("Accept", value)),
            Gen.OneOf("gzip", "identity", "br, gzip", "\u00ff").Select(value => ("Content-Encoding", value)),
            Gen.OneOf("bytes=0-1", "bytes=9-", "x").Select(value => ("Range", value)),
            Gen.OneOf("100-continue", "x").Select(value => ("Expect", value)),
            Gen.OneOf("1.2.3.4", "a, b, c", "[::1]:99999", "unknown,,").Select(value => ("X-Forwarded-For", value)),
            Gen.OneOf("https", "javascript", "a, b").Select(value => ("X-Forwarded-Proto", value)),
            Gen.OneOf("evil.example", "a b", "[::1", "a,b").Select(value => ("X-Forwarded-Host", value)),
            Gen.OneOf("DELETE", "GET").Select(value => ("X-HTTP-Method-Override", value)),
            Gen.OneOf("mine", "a b", "\u00ff", "a\"}{", new string('c', 129)).Select(value => ("X-Correlation-Id", value)),
            Gen.OneOf("br", "gzip;q=0.5, *;q=0", ";q=1,,", "identity;q=0", "br;q=1e9", "\u00ff").Select(value => ("Accept-Encoding", value)),
            Gen.OneOf("timing", "timing=\"", ",;=", "\u00ff").Select(value => ("Prefer", value)),
            Gen.OneOf("00-0-0-0", "x").Select(value => ("traceparent", value)),
            Gen.OneOf("Sun, 06 Nov 1994 08:49:37 GMT", "x").Select(value => ("If-Unmodified-Since", value)))));

    private static readonly Gen<byte[]> Bodies = Gen.Frequency(
        (3, Gen.Select(
            Gen.OneOf("\"a\"", "null", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\ud83d\ude00\"", "5", "{}",
                "[\"a\"]", "\"" + new string('n', 300) + "\"", "\"\u202e\""),
            Numbers).Select((name,
                price) => $$"""{"name": {{name}}, "price": {{(price.Length == 0 ? "1" : price)}}}""").Select(Encoding.UTF8.GetBytes)),
        (3, Gen.OneOf(
            "", " ", "null", "[]", "{}", "{", "}", "{\"name\"", "{\"name\":\"a\",\"price\":1,}",
            "{\"name\":\"a\",\"name\":\"b\",\"price\":1}", "{\"price\":1,\"price\":1e400,\"name\":\"a\"}",
            "{\"\\ud800\":1}", "{\"$type\":\"System.Object\",\"name\":\"a\",\"price\":1}", "{\"name\":\"a\",\"price\":1e99999999999}",
            "{\"name\":\"a\",\"price\":-1e-99999999999}",
            "{\"name\":\"a\",\"price\":1}{}", "/* */ {}", "\ufeff{\"name\":\"a\",\"price\":1}", "<name/>", "name=a&price=1",
            new string('[', 10_000),
            "{\"name\":" + string.Concat(Enumerable.Repeat("{\"a\":", 1_000)), "{\"name\":\"a\",\"price\":1" + new string('0',
            15_000) + "}", "{\"" + new string('k', 12_000) + "\":1}")
            .Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Byte.Array[0, 64]),
        (1, Gen.Int[0,
            30].Select(at => { byte[] bytes = """{"name": "abcdef", "price": 12.5}"""u8.ToArray(); bytes[at] ^= 0x84; return bytes; })));

    private static readonly Gen<string> Methods = Gen.Frequency(
        (8, Gen.Const("GET")), (3, Gen.Const("HEAD")), (6, Gen.Const("PUT")), (1, Gen.OneOf("POST", "DELETE", "OPTIONS", "TRACE", "get",
            "FOO", "PATCH")));

    private static readonly Gen<RawRequest> Anything =
        Gen.Select(Methods, Paths, Query, Header.Array[0, 5], Bodies, Gen.Bool).Select((method, path, query, headers, body, chunked) =>
            new RawRequest(method, path + query, WithToken(headers), method is "PUT" or "POST" ? body : [], chunked && method is "PUT"));

    // Drawn at large, a write seldom gets as far as its body.
    private static readonly Gen<RawRequest> AlmostWrites =
        Gen.Select(Gen.Int[1, 20], Header.Array[0, 1], Gen.OneOf(Bodies, Gen.Const("""{"name": "a", "price": 1}"""u8.ToArray())),
            Gen.Bool)
            .Select((id, headers, body, chunked) =>
                new RawRequest("PUT", $"/api/v1/products/{id}", WithToken([.. headers, ("Content-Type", "application/json")]), body,
                    chunked));

    // Drawn at large, two days seldom lie together.
    private static readonly Gen<RawRequest> AlmostReports =
        Gen.Select(Gen.OneOf("GET", "HEAD"), Days, Gen.Int[-2, 400], Header.Array[0, 1]).Select((method, from, days, headers) =>
            new RawRequest(method, $"/api/v1/reports/category-sales?from={from}&to={DayAfter(from, days)}", WithToken(headers), [], Chunked: false));

    // None that is taken opens a breaker: what is asked for after it would be answered with 503.
    private static readonly Gen<byte[]> Orders = Gen.Frequency(
        (4, Gen.Select(
            Gen.OneOf("\"closed\"", "\"auto\"", "\"Open\"", "\"half-open\"", "\"open\\u0000\"", "\"\"", "null", "1", "[\"open\"]"),
            Gen.OneOf("\"00:00:01\"", "\"1.00:00:00\"", "\"1.00:00:01\"", "\"-00:00:01\"", "\"00:00:00\"", "\"00:00:60\"", "\"5\"", "\"PT5M\"",
                "\"\"", "null", "300", "\"10675199.02:48:05.4775807\"", "\"00:00:0\u0661\"", "\"" + new string('9', 1_000) + "\""),
            Gen.OneOf("\"a\"", "null", "\"\"", "\"a\\nb\"", "\"a\\u2028b\"", "\"a\\u202eb\"", "\"\\ud800\"", "\"-\"", "\"\ud83d\ude00 a\"", "5",
                "\"" + new string('a', 201) + "\""))
            .Select((state, time, text) => $$"""{"state": {{state}}, "for": {{time}}, "reason": {{text}}, "by": {{text}}}""")
            .Select(Encoding.UTF8.GetBytes)),
        (1, Gen.OneOf("{\"state\":\"auto\"}", "{\"state\":\"auto\",\"state\":\"open\"}", "{\"STATE\":\"auto\"}", "{\"state\":\"auto\",\"name\":\"a\"}")
            .Select(Encoding.UTF8.GetBytes)),
        (1, Bodies));

    private static readonly Gen<RawRequest> AlmostOrders =
        Gen.Select(Gen.OneOf("postgres-primary", "postgres-replica-1", "POSTGRES-PRIMARY"), Header.Array[0, 1], Orders, Gen.Bool)
            .Select((name, headers, body, chunked) =>
                new RawRequest("POST", $"/api/ops/breakers/{name}", WithToken([.. headers, ("Content-Type", "application/json")]), body, chunked));

    public static Gen<RawRequest> Any => Gen.Frequency((12, Anything), (4, AlmostWrites), (1, AlmostReports), (1, AlmostOrders));

    /// <summary>Too slow to be drawn often.</summary>
    public static IEnumerable<RawRequest> Large { get; } =
        from chunked in (bool[])[false, true]
        from body in (byte[][])[new byte[1_000_000], Encoding.UTF8.GetBytes("{\"name\":\"" + new string('a', 1_000_000))]
        from token in (string[])[Tokens[0], "x"]
        select new RawRequest("PUT", "/api/v1/products/1", [("Authorization", $"Bearer {token}"), ("Content-Type", "application/json")],
            body, chunked);

    private static string PriceCursor => Cursor.Write(new ProductCursor(12.5m, 42));

    private static string TimeCursor => Cursor.Write(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 42);

    private static string Flip(string cursor, int at, int bit)
    {
        char[] flipped = cursor.ToCharArray();
        flipped[at] ^= (char)(1 << bit);
        return Uri.EscapeDataString(new string(flipped));
    }

    private static string DayAfter(string from, int days) =>
        DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? DateOnly.FromDayNumber(Math.Clamp(day.DayNumber + days, 0, 3_652_058)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : from;

    // A token that opens every door, unless there is another already.
    private static (string Name, string Value)[] WithToken((string Name, string Value)[] headers)
    {
        (string Name, string Value)[] all = [.. headers, ("Authorization", $"Bearer {Tokens[0]}")];
        return [.. all.DistinctBy(header => header.Name == "If-Match" ? header : (header.Name, ""))];
    }

    private static string ForgedWith(string header, string payload) =>
        string.Create(CultureInfo.InvariantCulture, $"{Base64(header)}.{Base64(payload)}.{Base64("signature")}");

    private static string Base64(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
