using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public sealed class FunctionTests : IDisposable
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private static readonly TestLambdaContext Context = new()
    {
        AwsRequestId = "8d7e6f5a-4b3c-2d1e-0f9a-8b7c6d5e4f3a",
        FunctionName = "greeting-api",
    };

    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public FunctionTests()
    {
        // Powertools reads these when it is first used.
        Environment.SetEnvironmentVariable("POWERTOOLS_SERVICE_NAME", "greeting-api");
        Environment.SetEnvironmentVariable("POWERTOOLS_METRICS_NAMESPACE", "greetings");
        Console.SetOut(_output);
    }

    public static TheoryData<string> ValidNames => new()
    {
        " Ada ",
        "Ada Lovelace",
        "Zo\u00eb",
        "a/b",
        "100%",
        "1+1",
        // 100 characters, but 200 in UTF-16
        string.Concat(Enumerable.Repeat("\U0001f600", 100)),
    };

    public static TheoryData<string> InvalidNames => new() { "", " ", new string('a', 101) };

    public void Dispose()
    {
        Console.SetOut(_console);
        _output.Dispose();
    }

    [Fact]
    public void Greets()
    {
        var response = Invoke(SampleEvent());

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("application/json", ContentTypeOf(response));
        Assert.Equal("""{"message":"hello Ada"}""", response.Body);
    }

    [Fact]
    public void LogsOneLineWithTheIds()
    {
        var request = SampleEvent();

        Invoke(request);

        var line = Assert.Single(WrittenWith("message"));
        Assert.Equal("greeting sent", TextOf(line, "message"));
        Assert.Equal("Ada", TextOf(line, "recipient"));
        Assert.Equal("greeting-api", TextOf(line, "service"));
        Assert.Equal(request.RequestContext.RequestId, TextOf(line, "correlation_id"));
        Assert.Equal(Context.AwsRequestId, TextOf(line, "function_request_id"));
    }

    [Fact]
    public void CountsTheGreeting()
    {
        Invoke(SampleEvent());

        // The first invocation also writes the metric of the cold start.
        var metric = Assert.Single(WrittenWith("Greetings"));
        Assert.Equal(1, metric.GetProperty("Greetings").GetInt32());
        Assert.Equal("greeting-api", TextOf(metric, "Service"));
        var published = Assert.Single(metric.GetProperty("_aws").GetProperty("CloudWatchMetrics").EnumerateArray());
        Assert.Equal("greetings", TextOf(published, "Namespace"));
        var definition = Assert.Single(published.GetProperty("Metrics").EnumerateArray());
        Assert.Equal("Greetings", TextOf(definition, "Name"));
        Assert.Equal("Count", TextOf(definition, "Unit"));
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void GreetsByTheTrimmedName(string name)
    {
        var response = Get(Uri.EscapeDataString(name));

        Assert.Equal(200, response.StatusCode);
        var greeting = JsonSerializer.Deserialize<JsonElement>(response.Body);
        Assert.Equal($"hello {name.Trim()}", TextOf(greeting, "message"));
    }

    [Theory]
    [MemberData(nameof(InvalidNames))]
    public void RefusesAName(string name) => AssertRefuses(Get(Uri.EscapeDataString(name)));

    [Fact]
    public void RefusesARequestWithoutAName() => AssertRefuses(Invoke(new()));

    private static APIGatewayProxyRequest SampleEvent()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        return Serializer.Deserialize<APIGatewayProxyRequest>(file);
    }

    /// <summary>Sends a request with that name as it stands in the URL.</summary>
    private static APIGatewayProxyResponse Get(string name) =>
        Invoke(new() { PathParameters = new Dictionary<string, string> { ["name"] = name } });

    private static APIGatewayProxyResponse Invoke(APIGatewayProxyRequest request)
    {
        var response = new Function().FunctionHandler(request, Context);
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private static string ContentTypeOf(APIGatewayProxyResponse response)
    {
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        return header.Value;
    }

    private static string? TextOf(JsonElement element, string property) => element.GetProperty(property).GetString();

    private void AssertRefuses(APIGatewayProxyResponse response)
    {
        Assert.Equal(400, response.StatusCode);
        Assert.Equal("application/problem+json", ContentTypeOf(response));
        Assert.Equal(
            """{"title":"Bad Request","status":400,"detail":"name must have 1 to 100 characters"}""", response.Body);
        Assert.Empty(WrittenWith("message"));
        Assert.Empty(WrittenWith("Greetings"));
    }

    /// <summary>Returns what was written to the console, as JSON, and has that property.</summary>
    private List<JsonElement> WrittenWith(string property) => _output.ToString()
        .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
{% if cookiecutter.tracing %}
        // The tracer says that it is off outside of Lambda, as text.
        .Where(line => line.StartsWith('{'))
{% endif %}
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
        .Where(element => element.TryGetProperty(property, out _))
        .ToList();
}
