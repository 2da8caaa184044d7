using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;

namespace {{ cookiecutter.function_pascal }};

/// <summary>Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457.</summary>
public record Problem(string Title, int Status, string Detail)
{
    public APIGatewayProxyResponse ToResponse() => new()
    {
        StatusCode = Status,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/problem+json" },
        Body = JsonSerializer.Serialize(this, FunctionJsonContext.Default.Problem),
    };
}
