using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Fuzz;

/// <summary>Any input, however odd, gets an answer or a 4xx that tells nothing of the inside.</summary>
public sealed class FuzzTests(Shop shop) : IClassFixture<Shop>
{
    private const int Connections = 4;

    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Inside = ["Exception", "   at ", "StackTrace", "Npgsql", "System.", "Microsoft.", "select ",
        "SQLSTATE", "/src/"];
    private static readonly string[] ProblemTypes =
        ["invalid-request", "unauthorized", "forbidden", "not-found", "precondition-failed", "body-too-large", "unsupported-media-type"];

    [Fact]
    public async Task Nothing_that_can_be_sent_breaks_it()
    {
        string seed = Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "0000KXs2yEf1";
        int count = int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? "4000", CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage($"FUZZ_SEED={seed} FUZZ_REQUESTS={count}");
        PCG random = PCG.Parse(seed);
        RawRequest[] requests = [.. Enumerable.Range(0, count).Select(_ => OddRequests.Any.Generate(random, null, out Size _)),
            .. OddRequests.Large];

        int[] statuses = new int[600];
        await Parallel.ForAsync(0, Connections, TestContext.Current.CancellationToken, async (connection, cancellationToken) =>
        {
            using RawClient client = new(shop.Api.Address);
            for (int at = connection; at < requests.Length; at += Connections)
            {
                try
                {
                    using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    deadline.CancelAfter(AnswerDeadline);
                    RawAnswer answer = await client.SendAsync(requests[at], deadline.Token);
                    Check(requests[at], answer);
                    Interlocked.Increment(ref statuses[answer.Status]);
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new InvalidOperationException($"FUZZ_SEED={seed}, request {at}: {failure.Message}\n{requests[at]}", failure);
                }
            }
        });

        TestContext.Current.SendDiagnosticMessage(
            string.Join(", ", statuses.Select((times, status) => (times, status)).Where(one => one.times > 0).Select(one =>
                $"{one.status}: {one.times}")));
        Assert.Empty(shop.Api.Logs.GetSnapshot().Where(record => record.Level >= LogLevel.Error).Select(record =>
            $"{record.Message} {record.Exception}"));
        // Odd requests alone would show only that the front door is shut.
        Assert.All((int[])[200, 304, 400, 401, 403, 404, 412, 413, 415], status =>
            Assert.True(statuses[status] > 0, $"Nothing was answered with {status}."));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"name\": ", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffff\r\n{", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\n{ZZ\r\n", "urn:tbyte:problem:invalid-request")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nno-length\r\n", "urn:tbyte:problem:invalid-request")]
    public async Task A_body_that_never_comes_is_no_fault_of_ours(string rest, string expected)
    {
        string head = "PUT /api/v1/products/1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {TestToken.WithRoles(TestToken.CatalogWrite)}\r\n";
        using TcpClient client = new();
        await client.ConnectAsync(shop.Api.Address.Host, shop.Api.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + rest), TestContext.Current.CancellationToken);
        if (expected.Length == 0)
            client.Client.Shutdown(SocketShutdown.Send);
        string answer = await ReadToEndAsync(stream).WaitAsync(AnswerDeadline, TestContext.Current.CancellationToken);

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.All(Inside, word => Assert.DoesNotContain(word, answer, StringComparison.Ordinal));
        Assert.DoesNotContain(shop.Api.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    /// <summary>What arrives before the connection ends; a server that has not read everything may end it with a reset.</summary>
    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using MemoryStream read = new();
        try
        {
            await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // What was expected is looked for in what came before it.
        }

        return Encoding.UTF8.GetString(read.ToArray());
    }

    private static void Check(RawRequest request, RawAnswer answer)
    {
        Assert.True(answer.Status < 500, $"{answer.Status} {answer.Text}");
        Assert.All(Inside, word => Assert.DoesNotContain(word, answer.Text, StringComparison.Ordinal));
        if (answer.Status < 400 || answer.Body.Length == 0)
            return;

        Assert.Equal("application/problem+json", answer.ContentType);
        JsonElement problem = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(answer.Status, problem.GetProperty("status").GetInt32());
        Assert.Contains(problem.GetProperty("type").GetString()!.Replace("urn:tbyte:problem:", "", StringComparison.Ordinal), ProblemTypes);
        Assert.True(request.Method != "HEAD");
    }
}
