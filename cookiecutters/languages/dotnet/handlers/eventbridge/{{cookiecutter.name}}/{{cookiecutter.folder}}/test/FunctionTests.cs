using System.Text;
using System.Text.Json;
using Amazon.Lambda.CloudWatchEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task ShipsTheOrder()
    {
        await Invoke(new Function(), SampleEvent("event.json"));

        var line = Assert.Single(_logger.Lines);
        Assert.Equal("Information", line.Level);
{% if cookiecutter.structured_logs %}
        Assert.Equal("order shipped: order_id={order_id} quantity={quantity}", line.Message);
        Assert.Equal("1001 2", line.Values);
{% else %}
        Assert.Equal("order shipped: order_id=1001 quantity=2", line.Message);
{% endif %}
    }

    [Fact]
    public async Task FailsWithTheIdOfTheEvent()
    {
        var exception = await Failure(new Function(), SampleEvent("bad.json"));

        Assert.Equal("event failed: event_id=8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11", exception.Message);
        Assert.IsType<FormatException>(exception.InnerException);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task FailsWithoutADetail()
    {
        var exception = await Failure(new Function(), "{\"id\": \"1\", \"detail-type\": \"Order Placed\"}");

        Assert.Equal("event failed: event_id=1", exception.Message);
    }

    [Fact]
    public async Task FailsWithWhateverProcessingThrows()
    {
        var exception = await Failure(new FailingFunction(), SampleEvent("event.json"));

        Assert.Equal("event failed: event_id=6a7e8feb-b491-4cf7-a9f1-bf3703467718", exception.Message);
        Assert.Equal("1001", exception.InnerException?.Message);
    }

    [Theory]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 1}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2147483647}")]
    [InlineData("{\"orderId\": \"1001\", \"quantity\": 2, \"note\": \"another key\"}")]
    public async Task AcceptsAnOrder(string detail)
    {
        await Invoke(new Function(), EventWith(detail));

        Assert.Single(_logger.Lines);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
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
    public async Task RefusesWhatIsNoOrder(string detail)
    {
        var exception = await Failure(new Function(), EventWith(detail));

        Assert.Equal("event failed: event_id=1", exception.Message);
        Assert.Empty(_logger.Lines);
    }

    private static string SampleEvent(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    private static string EventWith(string detail) =>
        "{\"id\": \"1\", \"detail-type\": \"Order Placed\", \"detail\": " + detail + "}";

    private Task Invoke(Function function, string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var orderPlaced = Serializer.Deserialize<CloudWatchEvent<JsonElement>>(stream);
        return function.FunctionHandler(orderPlaced, new TestLambdaContext { Logger = _logger });
    }

    private Task<InvalidOperationException> Failure(Function function, string json) =>
        Assert.ThrowsAsync<InvalidOperationException>(() => Invoke(function, json));

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
