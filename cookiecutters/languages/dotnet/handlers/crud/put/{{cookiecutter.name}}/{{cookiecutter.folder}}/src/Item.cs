using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What the table has of an item, and the API returns.</summary>
public record Item(string Id, string Name, int Quantity, long Version)
{
    private const int MaxNameLength = 100;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it is the first version, and no other is replaced with it.</summary>
    [JsonIgnore]
    public bool IsNew => Version == 1;

    /// <summary>Reads the item in a request's body.</summary>
    /// <exception cref="FormatException">It is none; the message tells the caller why.</exception>
    public static Item Parse(string id, APIGatewayHttpApiV2ProxyRequest request)
    {
        var properties = PropertiesIn(request);
        return new Item(
            id,
            NameIn(properties),
            IntegerIn(properties, "quantity", 0),
            // A long, as there may be a version after the greatest that a request may have.
            properties.ContainsKey("version") ? IntegerIn(properties, "version", 1) + 1L : 1);
    }

    private static Dictionary<string, JsonElement> PropertiesIn(APIGatewayHttpApiV2ProxyRequest request)
    {
        try
        {
            var body = request.Body ?? "";
            // API Gateway encodes bodies that it does not take for text.
            var json = request.IsBase64Encoded ? Utf8.GetString(Convert.FromBase64String(body)) : body;
            return JsonSerializer.Deserialize(json, FunctionJsonContext.Default.Properties)
                ?? throw new JsonException("null is no object");
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException or JsonException)
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

    private static int IntegerIn(Dictionary<string, JsonElement> properties, string key, int minimum) =>
        properties.TryGetValue(key, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var integer)
        && integer >= minimum
            ? integer
            : throw new FormatException($"{key} must be an integer from {minimum} to {int.MaxValue}");
}
