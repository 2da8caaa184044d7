using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Bogus;

// What makes objects of the JSON that the handler takes, and JSON of what it returns.
[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Faker _faker;

    /// <summary>Lambda calls this one, once for each environment that it starts.</summary>
    public Function()
        : this(new Faker())
    {
    }

    public Function(Faker faker) => _faker = faker;

    /// <summary>
    /// Answers GET /{{ cookiecutter.path }} with a customer that was never seen before.
    /// Its event and its response are those of Amazon API Gateway,
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    public APIGatewayProxyResponse FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context) =>
        new()
        {
            StatusCode = 200,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            Body = JsonSerializer.Serialize(Customer.Make(_faker), CamelCase),
        };
}
