using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;

namespace {{ cookiecutter.function_pascal }};

/// <summary>
/// Lists what this function reads from JSON and writes as JSON. The compiler generates the code for it, so that a cold
/// start takes less time than with reflection:
/// https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/source-generation
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(APIGatewayProxyRequest))]
[JsonSerializable(typeof(APIGatewayProxyResponse))]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Problem))]
public partial class FunctionJsonContext : JsonSerializerContext
{
}
