using System.Text.Json;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What the table has of an item, and the API returns.</summary>
public record Item(string Id, string Name, int Quantity)
{
    private const int MaxNameLength = 100;

    /// <summary>Reads the item in a request's body.</summary>
    /// <exception cref="FormatException">It is none; the message tells the caller why.</exception>
    public static Item Parse(string id, string body)
    {
        var properties = PropertiesIn(body);
        return new Item(id, NameIn(properties), QuantityIn(properties));
    }

    private static Dictionary<string, JsonElement> PropertiesIn(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, FunctionJsonContext.Default.Properties)
                ?? throw new JsonException("null is no object");
        }
        catch (JsonException exception)
        {
            throw new FormatException("the body must be a JSON object", exception);
        }
    }

    // Characters are counted as code points: in UTF-16, some of them are two.
    private static string NameIn(Dictionary<string, JsonElement> properties) =>
        properties.TryGetValue("name", out var value)
        && TextIn(value) is { } name
        && name.EnumerateRunes().Count() is >= 1 and <= MaxNameLength
            ? name
            : throw new FormatException($"name must be a string of 1 to {MaxNameLength} characters");

    // Nothing for what is no string, and for a string that is no text, with half a surrogate pair in it.
    private static string? TextIn(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int QuantityIn(Dictionary<string, JsonElement> properties) =>
        properties.TryGetValue("quantity", out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var quantity)
        && quantity >= 0
            ? quantity
            : throw new FormatException($"quantity must be an integer from 0 to {int.MaxValue}");
}
