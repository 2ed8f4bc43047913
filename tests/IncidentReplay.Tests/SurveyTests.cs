using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using TByte.Functions.IncidentReplay.Reports;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>What is found out of a target, and what is sent to it.</summary>
public sealed class SurveyTests : IDisposable
{
    private const string Token = "eyJS3cret";

    private readonly Measurement _measurement = new();

    [Theory]
    [InlineData("<script>no json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"items":[{"id":"7"}],"next":null}""")]
    [InlineData("""{"items":[{"id":1}],"next":7}""")]
    [InlineData("""{"items":{},"next":null}""")]
    public async Task What_is_no_page_of_products_is_not_measured(string body)
    {
        await using FakeShop shop = await FakeShop.StartAsync(page: context => context.Response.WriteAsync(body));

        Called called = await Command.RunAsync("--target", shop.Address.ToString());

        Assert.Equal((2, 0), (called.Code, shop.Products));
        Assert.Contains("Is it the shop's API?", called.Progress, StringComparison.Ordinal);
        Assert.DoesNotContain("script", called.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "a page of products: status 500.")]
    [InlineData(429, "its rate limits are used up before the load has begun.")]
    public async Task A_target_that_does_not_answer_well_is_not_measured(int status, string message)
    {
        await using FakeShop shop = await FakeShop.StartAsync(page: context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        Called called = await Command.RunAsync("--target", shop.Address.ToString());

        Assert.Equal((2, 0), (called.Code, shop.Products));
        Assert.Contains(message, called.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        int followed = 0;
        await using FakeShop elsewhere = await FakeShop.StartAsync(page: context =>
        {
            Interlocked.Increment(ref followed);
            return context.Response.WriteAsync(FakeShop.Page);
        });
        string location = new Uri(elsewhere.Address, "/api/v1/products").ToString();
        await using FakeShop shop = await FakeShop.StartAsync(page: context =>
        {
            context.Response.Redirect(location);
            return Task.CompletedTask;
        });

        Called called = await Command.RunAsync("--target", shop.Address.ToString(), "--token", Token);

        Assert.Equal((2, 0), (called.Code, followed));
        Assert.Contains("status 302, and redirects are not followed", called.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_followed_and_only_what_is_there_is_read_with_the_token_where_it_is_needed()
    {
        ConcurrentDictionary<string, int> read = [];
        ConcurrentBag<string> strange = [];
        await using FakeShop shop = await FakeShop.StartAsync(
            product: (context, _) => Note(context, ""),
            page: async context =>
            {
                string after = context.Request.Query["after"].ToString();
                await Note(context, "");
                await context.Response.WriteAsync(after.Length == 0
                    ? """{"items":[{"id":11}],"next":"a+/=&b"}"""
                    : after == "a+/=&b" ? """{"items":[{"id":22}],"next":null}""" : "strange");
            },
            other: context =>
            {
                string path = context.Request.Path.Value!;
                context.Response.StatusCode = path is "/api/v1/orders/5" or "/api/v1/orders/777" or "/api/v1/users/9/orders" ? 200 : 404;
                Note(context, $"Bearer {Token}");
                return context.Response.WriteAsync(path.StartsWith("/api/v1/users/", StringComparison.Ordinal) ? """{"items":[{"id":777}],"next":"b"}""" : "{}");
            });

        (bool isHeld, LoadReport report, string text) = await _measurement.RunAsync(
            Measurement.Options(shop.Address) with { Token = Token, Rate = 100 });

        Assert.True(isHeld, text);
        Assert.Equal((200, 0), (report.All.Requests, report.All.Errors));
        Assert.Equal(["product", "page of products", "order", "orders of a user"], report.Kinds.Select(static kind => kind.Kind));
        Assert.Empty(strange);
        Assert.True(read["/api/v1/products/11"] > 0 && read["/api/v1/products/22"] > 0);
        Assert.Equal(report.Kinds[0].Requests, read["/api/v1/products/11"] + read["/api/v1/products/22"]);
        // What was not in a list was asked for once before the load.
        Assert.True(read["/api/v1/orders/5"] > 1);
        Assert.Equal(report.Kinds[2].Requests + 1, read["/api/v1/orders/5"] + read["/api/v1/orders/777"]);
        Assert.Equal(report.Kinds[3].Requests + 1, read["/api/v1/users/9/orders"]);
        Assert.Equal(1, read["/api/v1/orders/6"]);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);

        Task Note(HttpContext context, string authorization)
        {
            read.AddOrUpdate(context.Request.Path.Value!, 1, static (_, count) => count + 1);
            if (context.Request.Headers.Authorization.ToString() != authorization)
                strange.Add(context.Request.Path.Value!);
            return Task.CompletedTask;
        }
    }

    public void Dispose() => _measurement.Dispose();
}
