using System.Text.Json.Serialization;

namespace {{ cookiecutter.function_pascal }};

internal sealed record GreetingResponse(string Message);

/// <summary>
/// Lists what the server writes as JSON. The compiler generates the code for it, so that it starts sooner than with
/// reflection: https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/source-generation
/// </summary>
[JsonSerializable(typeof(GreetingResponse))]
internal sealed partial class AppJsonContext : JsonSerializerContext
{
}
