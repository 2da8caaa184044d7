using System.Text.Json;

namespace {{ cookiecutter.function_pascal }};

public record Order(string OrderId, int Quantity)
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads <c>{"orderId": "1001", "quantity": 2}</c>.</summary>
    /// <exception cref="JsonException">It is not JSON, or a value has the wrong type.</exception>
    /// <exception cref="FormatException">It is JSON, but no order.</exception>
    public static Order Parse(string json) =>
        JsonSerializer.Deserialize<Order>(json, CamelCase) is { OrderId.Length: > 0, Quantity: >= 1 } order
            ? order
            : throw new FormatException("an order has an orderId, which is not empty, and a quantity of 1 or more");
}
