using System.Text.Json;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What an event asks for.</summary>
public record Order(string OrderId, int Quantity)
{
    /// <summary>Reads the order in an event's detail.</summary>
    /// <exception cref="JsonException">It is no JSON object, or a value has the wrong type.</exception>
    /// <exception cref="FormatException">It is JSON, but not an order.</exception>
    public static Order Parse(JsonElement detail)
    {
        var order = detail.Deserialize(FunctionJsonContext.Default.Order);
        return order is { OrderId.Length: > 0, Quantity: >= 1 }
            ? order
            : throw new FormatException("an order must have an orderId that is not empty and a quantity of 1 or more");
    }
}
