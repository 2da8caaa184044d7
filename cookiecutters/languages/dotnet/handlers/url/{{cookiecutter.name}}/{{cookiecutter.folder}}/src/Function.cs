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
    /// Answers GET / of a function URL with a greeting. Requests with any other path or method reach the function, too.
    /// Its event and its response are those of HTTP APIs in Amazon API Gateway:
    /// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    /// </summary>
    public APIGatewayHttpApiV2ProxyResponse FunctionHandler(
        APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        if (request.RawPath != "/")
        {
            return Refuse(404, "Not Found", $"there is nothing at {request.RawPath}");
        }

        if (request.RequestContext.Http.Method != "GET")
        {
            var response = Refuse(405, "Method Not Allowed", "use GET");
            response.Headers["Allow"] = "GET";
            return response;
        }

        var name = NameIn(request);
        return Ok(new Greeting($"hello {(string.IsNullOrEmpty(name) ? "world" : name)}"));
    }

    // Without a query there are no parameters at all.
    private static string? NameIn(APIGatewayHttpApiV2ProxyRequest request) =>
        request.QueryStringParameters?.TryGetValue("name", out var name) == true ? name : null;

    private static APIGatewayHttpApiV2ProxyResponse Ok(Greeting greeting) =>
        Respond(200, "application/json", JsonSerializer.Serialize(greeting, FunctionJsonContext.Default.Greeting));

    private static APIGatewayHttpApiV2ProxyResponse Refuse(int status, string title, string detail)
    {
        var problem = new Problem(title, status, detail);
        var body = JsonSerializer.Serialize(problem, FunctionJsonContext.Default.Problem);
        return Respond(status, "application/problem+json", body);
    }

    private static APIGatewayHttpApiV2ProxyResponse Respond(int status, string contentType, string body) => new()
    {
        StatusCode = status,
        Headers = new Dictionary<string, string> { ["Content-Type"] = contentType },
        Body = body,
    };
}

public record Greeting(string Message);
