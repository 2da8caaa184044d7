using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    // In the sample event the first message is an order, the second is not.
    private const string Good = "059f36b4-87a3-44ab-83d2-661975830a7d";
    private const string Bad = "2e1424d4-f796-459a-8184-9c92662be6da";

    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly RecordingLogger _logger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReportsOnlyTheMessageThatFailed(bool badFirst)
    {
        var batch = SampleEvent();
        if (badFirst)
        {
            batch.Records.Reverse();
        }

        Assert.Equal(Bad, await Failures(new Function(), batch));
    }

    [Fact]
    public async Task LogsWhatWasProcessed()
    {
        await Failures(new Function(), SampleEvent());

        var line = Assert.Single(_logger.Lines, line => line.Level == "Information");
{% if cookiecutter.structured_logs %}
        Assert.Equal("order processed: order_id={order_id} quantity={quantity}", line.Message);
        Assert.Equal("1001 2", line.Values);
{% else %}
        Assert.Equal("order processed: order_id=1001 quantity=2", line.Message);
{% endif %}
    }

    [Fact]
    public async Task LogsWhatFailed()
    {
        await Failures(new Function(), SampleEvent());

        var line = Assert.Single(_logger.Lines, line => line.Level == "Error");
{% if cookiecutter.structured_logs %}
        Assert.Equal("message failed: message_id={message_id}", line.Message);
        Assert.Equal(Bad, line.Values);
        Assert.NotNull(line.Exception);
{% else %}
        Assert.StartsWith($"message failed: message_id={Bad}\nSystem.Text.Json.JsonException: ", line.Message);
{% endif %}
    }

    [Fact]
    public async Task ReportsWhateverProcessingThrows() =>
        Assert.Equal($"{Good} {Bad}", await Failures(new FailingFunction(), SampleEvent()));

    [Theory]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 1}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2147483647}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2, \"note\": \"another key\"}")]
    public async Task AcceptsAnOrder(string body) => Assert.Empty(await Failures(new Function(), EventWith(body)));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("this is not an order")]
    [InlineData("{\"quantity\": 2}")]
    [InlineData("{\"orderId\": \"\", \"quantity\": 2}")]
    [InlineData("{\"orderId\": \"\\ud800\", \"quantity\": 2}")]
    [InlineData("{\"orderId\": 1001, \"quantity\": 2}")]
    [InlineData("{\"orderId\": \"1001\"}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 0}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": -1}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 1.5}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2.0}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2e0}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": \"2\"}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": true}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": null}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2147483648}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 99999999999999999999}")]
    [InlineData("{\"orderid\": \"1001\", \"quantity\": 2}")]
    [InlineData("{\"OrderId\": \"1001\", \"Quantity\": 2}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2} {}")]
    public async Task RefusesWhatIsNoOrder(string body)
    {
        Assert.Equal("1", await Failures(new Function(), EventWith(body)));
        Assert.DoesNotContain(_logger.Lines, line => line.Level == "Information");
    }

    private static SQSEvent SampleEvent()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        return Serializer.Deserialize<SQSEvent>(file);
    }

    private static SQSEvent EventWith(string body) => new()
    {
        Records = new List<SQSEvent.SQSMessage> { new() { MessageId = "1", Body = body } },
    };

    // The ids of the messages that failed, in the order of the response.
    private async Task<string> Failures(Function function, SQSEvent batch)
    {
        var response = await function.FunctionHandler(batch, new TestLambdaContext { Logger = _logger });
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return string.Join(" ", response.BatchItemFailures.Select(failure => failure.ItemIdentifier));
    }

    private sealed class FailingFunction : Function
    {
        protected override async Task ProcessAsync(Order order, ILambdaContext context)
        {
            // As real work does, it fails after the method has returned its task.
            await Task.Yield();
            throw new InvalidOperationException(order.OrderId);
        }
    }

    private sealed record Line(string Level, string Message, string Values, Exception? Exception);

    // TestLambdaLogger would keep text only.
    private sealed class RecordingLogger : ILambdaLogger
    {
        public List<Line> Lines { get; } = new();

        public void Log(string message) => throw new NotSupportedException();

        public void LogLine(string message) => throw new NotSupportedException();

        public void Log(string level, string message) => Log(level, message, Array.Empty<object>());

        public void Log(string level, string message, params object[] args) =>
            Lines.Add(new Line(level, message, string.Join(" ", args), null));

        public void Log(string level, Exception exception, string message, params object[] args) =>
            Lines.Add(new Line(level, message, string.Join(" ", args), exception));
    }
}
