using System.Text.Json.Serialization;
using TByte.Functions.Paging;

namespace TByte.Functions.Orders;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Page<OrderSummary>))]
internal sealed partial class OrderJson : JsonSerializerContext;
