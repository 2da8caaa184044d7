using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    [Fact]
    public void GreetsByName() =>
        AssertGreets("hello Ada", Invoke(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "event.json"))));

    [Theory]
    [InlineData("")]
    [InlineData(", \"queryStringParameters\": null")]
    [InlineData(", \"queryStringParameters\": {}")]
    [InlineData(", \"queryStringParameters\": {\"name\": \"\"}")]
    public void GreetsTheWorldWithoutAName(string query) => AssertGreets(
        "hello world",
        Invoke("{\"rawPath\": \"/\", \"requestContext\": {\"http\": {\"method\": \"GET\"}}" + query + "}"));

    [Fact]
    public void EscapesTheName() => AssertGreets("hello \"Ada\" é", Invoke(Request("GET", "/", "\"Ada\" é")));

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public void HasNothingAtOtherPaths(string method)
    {
        var response = Invoke(Request(method, "/other", "Ada"));

        Assert.Equal(404, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal("application/problem+json", header.Value);
        Assert.Equal(
            "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is nothing at /other\"}", response.Body);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public void RefusesOtherMethods(string method)
    {
        var response = Invoke(Request(method, "/", "Ada"));

        Assert.Equal(405, response.StatusCode);
        Assert.Equal(2, response.Headers.Count);
        Assert.Equal("application/problem+json", response.Headers["Content-Type"]);
        Assert.Equal("GET", response.Headers["Allow"]);
        Assert.Equal("{\"title\":\"Method Not Allowed\",\"status\":405,\"detail\":\"use GET\"}", response.Body);
    }

    private static APIGatewayHttpApiV2ProxyRequest Request(string method, string path, string name) => new()
    {
        RawPath = path,
        RequestContext = new() { Http = new() { Method = method, Path = path } },
        QueryStringParameters = new Dictionary<string, string> { ["name"] = name },
    };

    private static APIGatewayHttpApiV2ProxyResponse Invoke(string request)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(request));
        return Invoke(Serializer.Deserialize<APIGatewayHttpApiV2ProxyRequest>(stream));
    }

    private static APIGatewayHttpApiV2ProxyResponse Invoke(APIGatewayHttpApiV2ProxyRequest request)
    {
        var response = new Function().FunctionHandler(request, new TestLambdaContext());
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private static void AssertGreets(string message, APIGatewayHttpApiV2ProxyResponse response)
    {
        Assert.Equal(200, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal("application/json", header.Value);
        using var body = JsonDocument.Parse(response.Body);
        var property = Assert.Single(body.RootElement.EnumerateObject());
        Assert.Equal("message", property.Name);
        Assert.Equal(message, property.Value.GetString());
    }
}
