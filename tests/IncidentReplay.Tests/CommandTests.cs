using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>The command line, and what it sends nothing for.</summary>
public sealed class CommandTests
{
    private const string Secret = "eyJS3cret";

    [Theory]
    [InlineData("--target is not", "--target", "ftp://host")]
    [InlineData("--target is not", "--target", "host:7071")]
    [InlineData("--target must be", "--target", "http://ada:eyJS3cret@127.0.0.1")]
    [InlineData("--target must be", "--target", "http://127.0.0.1/api")]
    [InlineData("--target must be", "--target", "http://127.0.0.1?code=eyJS3cret")]
    [InlineData("--rate must be", "--target", "http://127.0.0.1:1", "--rate", "0")]
    [InlineData("--rate must be", "--target", "http://127.0.0.1:1", "--rate", "NaN")]
    [InlineData("--rate must be", "--target", "http://127.0.0.1:1", "--rate", "2001")]
    [InlineData("--rate has no value", "--target", "http://127.0.0.1:1", "--rate", "eyJS3cret")]
    [InlineData("--seconds must be", "--target", "http://127.0.0.1:1", "--seconds", "3601")]
    [InlineData("--max-p95 must be", "--target", "http://127.0.0.1:1", "--max-p95", "0")]
    [InlineData("--max-errors must be", "--target", "http://127.0.0.1:1", "--max-errors", "101")]
    [InlineData("--json: there is no directory", "--target", "http://127.0.0.1:1", "--json", "/not/there/report.json")]
    [InlineData("--html: there is no directory", "--target", "http://127.0.0.1:1", "--html", "/not/there/report.html")]
    [InlineData("--token has no value", "--target", "http://127.0.0.1:1", "--token")]
    [InlineData("--token is not a bearer token", "--target", "http://127.0.0.1:1", "--token", "Bearer eyJS3cret")]
    [InlineData("--token is not a bearer token", "--target", "http://127.0.0.1:1", "--token", "eyJS3cret\r\nX: 1")]
    [InlineData("The token of --token is not sent over http", "--target", "http://shop.example", "--token", "eyJS3cret")]
    [InlineData("The token of --token is not sent over http", "--target", "http://10.0.0.1", "--token", "eyJS3cret")]
    [InlineData("The token of --token is not sent over http", "--target", "http://127.0.0.1.example", "--token", "eyJS3cret")]
    [InlineData("--quick goes with the replay, not with --target.", "--quick", "--target", "http://127.0.0.1:1")]
    [InlineData("--output goes with the replay, not with --target.", "--output", "/tmp", "--target", "http://127.0.0.1:1")]
    [InlineData("--rate goes only with --target.", "--rate", "10")]
    [InlineData("--token goes only with --target.", "--quick", "--token", "eyJS3cret")]
    [InlineData("--trace: there is no file '/not/there.csv'.", "--trace", "/not/there.csv")]
    [InlineData("--trace: there is no file '/not/there.csv'.", "--trace", "/not/there.csv", "--target", "http://127.0.0.1:1")]
    [InlineData("--output:", "--output", "/dev/null/report")]
    [InlineData("There is an argument that is not known", "--target", "http://127.0.0.1:1", "--tokn", "eyJS3cret")]
    public async Task Called_wrong_it_says_so_and_repeats_no_secret(string message, params string[] arguments)
    {
        Called called = await Command.RunAsync(arguments);

        Assert.Equal((2, ""), (called.Code, called.Report));
        Assert.StartsWith(message, called.Progress, StringComparison.Ordinal);
        Assert.Single(called.Progress.Trim().Split('\n'));
        Assert.DoesNotContain(Secret, called.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_environment_is_not_sent_over_http_either()
    {
        Called called = await Command.RunWithTokenAsync(Secret, "--target", "http://shop.example");

        Assert.Equal(2, called.Code);
        Assert.StartsWith("The token of TBYTE_LOAD_TOKEN is not sent over http", called.Progress, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, called.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:7071")]
    [InlineData("http://127.0.0.2")]
    [InlineData("http://[::1]:7071/")]
    [InlineData("https://shop.example")]
    public void A_token_may_be_sent_to_this_machine_and_over_https(string target) =>
        Assert.Equal(new Uri(target), new LoadOptions { Target = target, Token = Secret }.Check());

    [Theory]
    [InlineData(1, 256)]
    [InlineData(200, 800)]
    public void Four_seconds_worth_of_requests_may_be_under_way(double rate, int expected) =>
        Assert.Equal(expected, new LoadOptions { Rate = rate }.MostUnderWay);

    [Fact]
    public async Task A_target_that_cannot_be_reached_is_told_apart_from_one_that_does_badly()
    {
        Called called = await Command.RunAsync("--target", $"http://127.0.0.1:{LocalPorts.FindFree()}");

        Assert.Equal((2, ""), (called.Code, called.Report));
        Assert.Contains("The target cannot be measured: a page of products: no connection.", called.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_tells_the_options()
    {
        Called called = await Command.RunAsync("--help");

        Assert.Equal(0, called.Code);
        Assert.Contains("--max-errors", called.Report, StringComparison.Ordinal);
    }
}
