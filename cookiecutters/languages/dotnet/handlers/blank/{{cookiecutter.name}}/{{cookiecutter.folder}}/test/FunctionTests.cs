using System.Text;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    [Fact]
    public void GreetsByName()
    {
        var request = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "event.json"));

        Assert.Equal("{\"message\":\"hello Ada\"}", Invoke(request));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\": \"\"}")]
    [InlineData("{\"name\": null}")]
    public void GreetsTheWorld(string request) => Assert.Equal("{\"message\":\"hello world\"}", Invoke(request));

    // The response to a request, both as JSON, which Lambda reads and writes with the same serializer.
    private static string Invoke(string json)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(json));
        using var output = new MemoryStream();
        var request = Serializer.Deserialize<Request>(input);
        Serializer.Serialize(new Function().FunctionHandler(request, new TestLambdaContext()), output);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
