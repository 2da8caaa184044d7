using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using AWS.Lambda.Powertools.Logging;
using AWS.Lambda.Powertools.Metrics;
{% if cookiecutter.tracing %}
using AWS.Lambda.Powertools.Tracing;
{% endif %}

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    private const int MaxNameLength = 100;

    /// <summary>
    /// Answers GET /{{ cookiecutter.path }} with a greeting. Its event and its response are those of Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    // The service's name and the metrics' namespace are in template.yaml.
    [Logging(CorrelationIdPath = CorrelationIdPaths.ApiGatewayRest)]
    [Metrics(CaptureColdStart = true)]
{% if cookiecutter.tracing %}
    [Tracing]
{% endif %}
    public APIGatewayProxyResponse FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var name = NameIn(request);
        // Characters, where Length would count the halves of an emoji.
        if (name.EnumerateRunes().Count() is < 1 or > MaxNameLength)
        {
            return BadRequest($"name must have 1 to {MaxNameLength} characters");
        }

        Metrics.AddMetric("Greetings", 1, MetricUnit.Count);
        // Powertools drops a field called name, since each line has the logger's name there.
        using (Logger.ExtraKeys(("recipient", name)))
        {
            Logger.LogInformation("greeting sent");
        }

        return Ok(new Greeting($"hello {name}"));
    }

    // It comes as it stands in the URL, since a REST API does not decode a path.
    private static string NameIn(APIGatewayProxyRequest request) =>
        request.PathParameters?.TryGetValue("name", out var name) == true ? Uri.UnescapeDataString(name).Trim() : "";

    private static APIGatewayProxyResponse Ok(Greeting greeting) =>
        Respond(200, "application/json", JsonSerializer.Serialize(greeting, FunctionJsonContext.Default.Greeting));

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

public record Greeting(string Message);
