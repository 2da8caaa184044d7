using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SNSEvents;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task NotifiesTheWarehouse()
    {
        await Invoke(new Function(), SampleEvent("event.json"));

        var line = Assert.Single(_logger.Lines);
        Assert.Equal("Information", line.Level);
{% if cookiecutter.structured_logs %}
        Assert.Equal("warehouse notified: order_id={order_id} quantity={quantity}", line.Message);
        Assert.Equal("1001 2", line.Values);
{% else %}
        Assert.Equal("warehouse notified: order_id=1001 quantity=2", line.Message);
{% endif %}
    }

    [Fact]
    public async Task FailsWithTheIdOfTheMessage()
    {
        var exception = await Failure(new Function(), SampleEvent("bad.json"));

        Assert.Equal("message failed: message_id=2e1424d4-f796-459a-8184-9c92662be6da", exception.Message);
        Assert.NotNull(exception.InnerException);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task StopsAtTheMessageThatFails()
    {
        var exception = await Failure(
            new Function(),
            EventWith(
                "{\"orderId\": \"1001\", \"quantity\": 2}",
                "{\"orderId\": \"1002\", \"quantity\": 0}",
                "{\"orderId\": \"1003\", \"quantity\": 3}"));

        Assert.Equal("message failed: message_id=2", exception.Message);
        Assert.Single(_logger.Lines);
    }

    [Fact]
    public async Task FailsWithWhateverProcessingThrows()
    {
        var exception = await Failure(new FailingFunction(), SampleEvent("event.json"));

        Assert.Equal("message failed: message_id=059f36b4-87a3-44ab-83d2-661975830a7d", exception.Message);
        Assert.Equal("1001", exception.InnerException?.Message);
    }

    [Theory]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 1}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2147483647}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2, \"note\": \"another key\"}")]
    public async Task AcceptsAnOrder(string message)
    {
        await Invoke(new Function(), EventWith(message));

        Assert.Single(_logger.Lines);
    }

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
    public async Task RefusesWhatIsNoOrder(string message)
    {
        await Failure(new Function(), EventWith(message));

        Assert.Empty(_logger.Lines);
    }

    private static SNSEvent SampleEvent(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name));
        return Serializer.Deserialize<SNSEvent>(file);
    }

    // The ids of the messages are 1, 2 and so on.
    private static SNSEvent EventWith(params string[] messages) => new()
    {
        Records = messages
            .Select((message, index) => new SNSEvent.SNSMessage { MessageId = $"{index + 1}", Message = message })
            .Select(message => new SNSEvent.SNSRecord { Sns = message })
            .ToList(),
    };

    private Task Invoke(Function function, SNSEvent notification) =>
        function.FunctionHandler(notification, new TestLambdaContext { Logger = _logger });

    private Task<InvalidOperationException> Failure(Function function, SNSEvent notification) =>
        Assert.ThrowsAsync<InvalidOperationException>(() => Invoke(function, notification));

    private sealed class FailingFunction : Function
    {
        protected override async Task ProcessAsync(Order order, ILambdaContext context)
        {
            // As real work does, it fails after the method has returned its task.
            await Task.Yield();
            throw new InvalidOperationException(order.OrderId);
        }
    }

    private sealed record Line(string Level, string Message, string Values);

    // TestLambdaLogger would keep text only.
    private sealed class RecordingLogger : ILambdaLogger
    {
        public List<Line> Lines { get; } = new();

        public void Log(string message) => throw new NotSupportedException();

        public void LogLine(string message) => throw new NotSupportedException();

        public void Log(string level, string message) => Log(level, message, Array.Empty<object>());

        public void Log(string level, string message, params object[] args) =>
            Lines.Add(new Line(level, message, string.Join(" ", args)));
    }
}
