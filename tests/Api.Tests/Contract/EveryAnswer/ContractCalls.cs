using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract.EveryAnswer;

/// <summary>How each status of each operation is provoked. HEAD is asked as GET is.</summary>
internal static class ContractCalls
{
    private const string Breaker = "/api/ops/breakers/postgres-primary";
    private const string Days = "from=2025-06-01&to=2025-07-01";
    private const string Tags = "\"0-000000000000\"";

    private static readonly string Stranger = TestToken.ForUser(999_999);

    // What each operation answers with 200, by the operation's path.
    private static readonly Dictionary<string, ContractCall> Typical = new()
    {
        ["/api/v1/products"] = new("/api/v1/products?limit=2"),
        ["/api/v1/products/{id}"] = new("/api/v1/products/1"),
        ["PUT /api/v1/products/{id}"] = new(
            "/api/v1/products/2", TestToken.WithRoles(TestToken.CatalogWrite), Body: """{"name": "Tea set", "price": 19.90}"""),
        ["/api/v1/orders/{id}"] = new("/api/v1/orders/1", TestToken.WithRoles(TestToken.OrdersRead)),
        ["/api/v1/users/{id}/orders"] = new("/api/v1/users/1/orders?limit=1", TestToken.WithRoles(TestToken.OrdersRead)),
        ["/api/v1/users"] = new("/api/v1/users?email={email}", TestToken.WithRoles(TestToken.OrdersRead)),
        ["/api/v1/reports/category-sales"] = new($"/api/v1/reports/category-sales?{Days}", TestToken.WithRoles(TestToken.ReportsRead)),
        ["/api/health/live"] = new("/api/health/live"),
        ["/api/health/ready"] = new("/api/health/ready"),
        ["/api/ops"] = new("/api/ops", HasKey: true),
        ["/api/ops/fleet"] = new("/api/ops/fleet", HasKey: true),
        ["/api/ops/status"] = new("/api/ops/status", HasKey: true),
        ["/api/ops/diagnosis"] = new("/api/ops/diagnosis?format=json", HasKey: true),
        ["/api/ops/breakers/{name}"] = new(Breaker, HasKey: true, Body: """{"state": "auto"}"""),
        ["/api/openapi.json"] = new("/api/openapi.json"),
        ["/api/docs"] = new("/api/docs"),
    };

    // What is asked for that is not there, or not rightly.
    private static readonly Dictionary<(string Path, int Status), string> Wrong = new()
    {
        [("/api/v1/products", 400)] = "/api/v1/products?limit=0",
        [("/api/v1/products/{id}", 400)] = "/api/v1/products/0",
        [("/api/v1/products/{id}", 404)] = "/api/v1/products/999999",
        [("/api/v1/orders/{id}", 400)] = "/api/v1/orders/one",
        [("/api/v1/orders/{id}", 404)] = "/api/v1/orders/999999",
        [("/api/v1/users/{id}/orders", 400)] = "/api/v1/users/1/orders?after=AAAA",
        [("/api/v1/users/{id}/orders", 404)] = "/api/v1/users/999999/orders",
        [("/api/v1/users", 400)] = "/api/v1/users?email=nobody",
        [("/api/v1/users", 404)] = "/api/v1/users?email=nobody@example.org",
        [("/api/v1/reports/category-sales", 400)] = "/api/v1/reports/category-sales?from=2025-07-01&to=2025-06-01",
        [("/api/ops/diagnosis", 400)] = "/api/ops/diagnosis?format=pdf",
        [("/api/ops/diagnosis", 404)] = "/api/ops/diagnosis",
        [("/api/ops/breakers/{name}", 404)] = "/api/ops/breakers/unknown",
    };

    /// <summary>Null where none is known: then the document promises what no test has seen.</summary>
    public static ContractCall? Find(OpenApiDocument.Operation operation, int status)
    {
        ContractCall? typical = Typical.GetValueOrDefault($"{operation.Method} {operation.Path}") ?? Typical.GetValueOrDefault(operation.Path);
        string? wrong = Wrong.GetValueOrDefault((operation.Path, status));
        return typical is null ? null : status switch
        {
            200 => typical,
            304 => typical with { Headers = [("If-None-Match", "*")] },
            400 when typical.Body is not null => typical with { Body = "{" },
            400 or 404 when wrong is not null => typical with
            {
                Path = wrong,
                Condition = operation.Path == "/api/ops/diagnosis" ? Condition.WithoutReports : Condition.Well,
            },
            401 => typical with { Token = null, HasKey = false },
            403 => typical with { Token = Stranger },
            412 => typical with { Headers = [("If-Match", Tags)] },
            413 => typical with { Body = new string(' ', 20_000) },
            415 => typical with { ContentType = "text/plain" },
            429 => typical with { Condition = Condition.UsedUp },
            500 => typical with { Condition = Condition.Broken },
            503 => typical with { Condition = Condition.Alone },
            _ => null,
        };
    }
}
