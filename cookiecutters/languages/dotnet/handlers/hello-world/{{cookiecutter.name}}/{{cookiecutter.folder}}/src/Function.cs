using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// What makes objects of the JSON that the handler takes, and JSON of what it returns.
[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Answers GET /{{ cookiecutter.path }}: an event and a response of Amazon API Gateway,
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    public APIGatewayProxyResponse FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context) =>
        new()
        {
            StatusCode = 200,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            Body = JsonSerializer.Serialize(new { message = "hello world" }),
        };
}
