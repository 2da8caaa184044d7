using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Answers GET /{{ cookiecutter.path }}. Its event and its response are those of Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    public APIGatewayProxyResponse FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context) => new()
    {
        StatusCode = 200,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
        Body = JsonSerializer.Serialize(new Greeting("hello world"), FunctionJsonContext.Default.Greeting),
    };
}

public record Greeting(string Message);
