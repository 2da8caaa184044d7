using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private readonly TestLambdaLogger _logger = new();

    [Fact]
    public async Task NamesTheMessageThatIsNoOrder()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        var batch = new DefaultLambdaJsonSerializer().Deserialize<SQSEvent>(file);

        var failed = await Invoke(batch);

        Assert.Equal(new[] { "2e1424d4-f796-459a-8184-9c92662be6da" }, failed);
        Assert.Contains("order 1001: 2", Logged);
        Assert.Contains("2e1424d4-f796-459a-8184-9c92662be6da", Logged);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"orderId\": \"1001\"}")]
    [InlineData("{\"quantity\": 2}")]
    [InlineData("{\"orderId\": \"\", \"quantity\": 2}")]
    [InlineData("{\"orderId\": 1001, \"quantity\": 2}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 0}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": \"2\"}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 1.5}")]
    public async Task RefusesJsonThatIsNoOrder(string body)
    {
        var failed = await Invoke(Batch(body));

        Assert.Equal(new[] { "0" }, failed);
        Assert.DoesNotContain("order 1001:", Logged);
    }

    [Fact]
    public async Task GoesOnAfterAMessageThatFailed()
    {
        var failed = await Invoke(Batch("no", "{\"orderId\": \"1002\", \"quantity\": 1}"));

        Assert.Equal(new[] { "0" }, failed);
        Assert.Contains("order 1002: 1", Logged);
    }

    [Fact]
    public async Task NamesNothingWhenAllIsWell()
    {
        var failed = await Invoke(
            Batch("{\"orderId\": \"1001\", \"quantity\": 2}", "{\"orderId\": \"1002\", \"quantity\": 1}"));

        Assert.Empty(failed);
        Assert.Contains("order 1001: 2", Logged);
        Assert.Contains("order 1002: 1", Logged);
    }

    private string Logged => _logger.Buffer.ToString();

    private static SQSEvent Batch(params string[] bodies) => new()
    {
        Records = bodies.Select((body, index) => new SQSEvent.SQSMessage { MessageId = $"{index}", Body = body }).ToList(),
    };

    // The identifiers in the answer: it holds nothing else.
    private async Task<IEnumerable<string>> Invoke(SQSEvent batch)
    {
        var response = await new Function().FunctionHandler(batch, new TestLambdaContext { Logger = _logger });
        return response.BatchItemFailures.Select(failure => failure.ItemIdentifier);
    }
}
