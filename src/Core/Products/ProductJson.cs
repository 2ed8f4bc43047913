using System.Text.Json.Serialization;
using TByte.Functions.Paging;

namespace TByte.Functions.Products;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Page<Product>))]
internal sealed partial class ProductJson : JsonSerializerContext;
