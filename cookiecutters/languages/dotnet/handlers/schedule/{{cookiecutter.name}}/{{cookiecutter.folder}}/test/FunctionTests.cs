using System.Globalization;
using System.Text;
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
    public async Task ReportsOnTheDayBefore()
    {
        Assert.Equal("{\"day\":\"2026-02-28\"}", await Invoke(SampleEvent()));

        var line = Assert.Single(_logger.Lines);
        Assert.Equal("Information", line.Level);
{% if cookiecutter.structured_logs %}
        Assert.Equal("report made: day={day}", line.Message);
        Assert.Equal("2026-02-28", line.Values);
{% else %}
        Assert.Equal("report made: day=2026-02-28", line.Message);
{% endif %}
    }

    [Theory]
    [InlineData("2024-03-01T00:00:00Z", "2024-02-29")]
    [InlineData("2026-01-01T23:59:59Z", "2025-12-31")]
    [InlineData("2026-03-02T01:00:00+02:00", "2026-02-28")]
    [InlineData("2026-02-28T23:00:00-02:00", "2026-02-28")]
    public async Task TakesTheDayInUtc(string scheduledTime, string day) =>
        Assert.Equal("{\"day\":\"" + day + "\"}", await Invoke("{\"scheduledTime\": \"" + scheduledTime + "\"}"));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"scheduledTime\": null}")]
    [InlineData("{\"scheduledTime\": \"\"}")]
    [InlineData("{\"scheduledTime\": \"tomorrow\"}")]
    [InlineData("{\"scheduledTime\": \"2026-03-01\"}")]
    [InlineData("{\"scheduledTime\": \"2026-03-01T02:00:00\"}")]
    [InlineData("{\"scheduledTime\": \"2026-02-30T02:00:00Z\"}")]
    [InlineData("{\"scheduledTime\": \"<aws.scheduler.scheduled-time>\"}")]
    public async Task RefusesWhatIsNoTime(string request)
    {
        var exception = await Assert.ThrowsAsync<FormatException>(() => Invoke(request));

        Assert.StartsWith("scheduledTime must be a time such as 2026-03-01T02:00:00Z: ", exception.Message);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task FailsWithWhateverTheReportThrows()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Invoke(SampleEvent(), new FailingFunction()));

        Assert.Equal("2026-02-28", exception.Message);
    }

    private static string SampleEvent() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "event.json"));

    // The response to a request, both as JSON, which Lambda reads and writes with the same serializer.
    private async Task<string> Invoke(string json, Function? function = null)
    {
        function ??= new Function();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(json));
        using var output = new MemoryStream();
        var request = Serializer.Deserialize<Request>(input);
        var response = await function.FunctionHandler(request, new TestLambdaContext { Logger = _logger });
        Serializer.Serialize(response, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class FailingFunction : Function
    {
        protected override async Task MakeReportAsync(DateOnly day, ILambdaContext context)
        {
            // As real work does, it fails after the method has returned its task.
            await Task.Yield();
            throw new InvalidOperationException(day.ToString("O", CultureInfo.InvariantCulture));
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
