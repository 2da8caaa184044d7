using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    [Fact]
    public void Greets()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        var serializer = new SourceGeneratorLambdaJsonSerializer<FunctionJsonContext>();
        var request = serializer.Deserialize<APIGatewayProxyRequest>(file);

        var response = new Function().FunctionHandler(request, new TestLambdaContext());

        Assert.Equal(200, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal("application/json", header.Value);
        Assert.Equal("{\"message\":\"hello world\"}", response.Body);
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        serializer.Serialize(response, Stream.Null);
    }
}
