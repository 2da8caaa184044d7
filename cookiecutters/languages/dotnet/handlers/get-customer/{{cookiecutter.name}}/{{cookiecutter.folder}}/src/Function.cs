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
    /// Answers GET /{{ cookiecutter.path }} with the customer of that id, or with a new one where there is no id.
    /// Its event and its response are those of Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    public APIGatewayProxyResponse FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context)
    {
        if (request.PathParameters is null || !request.PathParameters.TryGetValue("id", out var text))
        {
            return Ok(Customer.Make(Guid.NewGuid()));
        }

        if (!TryParseId(text, out var id))
        {
            return BadRequest("id must be a UUID");
        }

        return Ok(Customer.Make(id));
    }

    // Guid.TryParseExact also accepts spaces around an id and signs in it, so the id must read the same when written.
    private static bool TryParseId(string text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && id.ToString().Equals(text, StringComparison.OrdinalIgnoreCase);

    private static APIGatewayProxyResponse Ok(Customer customer) =>
        Respond(200, "application/json", JsonSerializer.Serialize(customer, FunctionJsonContext.Default.Customer));

    private static APIGatewayProxyResponse BadRequest(string detail)
    {
        var problem = new Problem("Bad Request", 400, detail);
        var body = JsonSerializer.Serialize(problem, FunctionJsonContext.Default.Problem);
        return Respond(problem.Status, "application/problem+json", body);
    }

    private static APIGatewayProxyResponse Respond(int status, string contentType, string body) => new()
    {
        StatusCode = status,
        Headers = new Dictionary<string, string> { ["Content-Type"] = contentType },
        Body = body,
    };
}
