using System.Text.Json;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What an object asks for.</summary>
public record Order(string OrderId, int Quantity)
{
    /// <summary>Reads the order in an object's body.</summary>
    /// <exception cref="JsonException">It is not JSON, or a value has the wrong type.</exception>
    /// <exception cref="FormatException">It is JSON, but not an order.</exception>
    public static async Task<Order> ReadAsync(Stream body)
    {
        var order = await JsonSerializer.DeserializeAsync(body, FunctionJsonContext.Default.Order);
        return order is { OrderId.Length: > 0, Quantity: >= 1 }
            ? order
            : throw new FormatException("an order must have an orderId that is not empty and a quantity of 1 or more");
    }
}
