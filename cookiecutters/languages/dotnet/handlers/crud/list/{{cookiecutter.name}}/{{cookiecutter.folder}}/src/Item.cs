using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace {{ cookiecutter.function_pascal }};

/// <summary>What the table has of an item, and the API returns.</summary>
public record Item(string Id, string Name, int Quantity, long Version)
{
    public static Item From(Dictionary<string, AttributeValue> attributes) => new(
        attributes["id"].S,
        attributes["name"].S,
        int.Parse(attributes["quantity"].N, CultureInfo.InvariantCulture),
        long.Parse(attributes["version"].N, CultureInfo.InvariantCulture));
}
