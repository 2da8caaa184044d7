using System.Net;
using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.S3Events;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Amazon.S3;
using Amazon.S3.Model;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private const string Good = """{"orderId": "1001", "quantity": 2}""";

    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly IAmazonS3 _s3 = Substitute.For<IAmazonS3>();

    // What was read from the bucket and written to it.
    private readonly List<GetObjectRequest> _read = [];
    private readonly List<PutObjectRequest> _written = [];

    private readonly RecordingLogger _logger = new();

    public FunctionTests()
    {
        _s3.PutObjectAsync(Arg.Do<PutObjectRequest>(_written.Add), Arg.Any<CancellationToken>())
            .Returns(new PutObjectResponse());
    }

    [Fact]
    public async Task ImportsAnOrder()
    {
        Store(Good);

        await Invoke(new Function(_s3), SampleEvent("event.json"));

        var read = Assert.Single(_read);
        Assert.Equal("orders", read.BucketName);
        Assert.Equal("incoming/1 a/b.json", read.Key);
        var written = Assert.Single(_written);
        Assert.Equal("orders", written.BucketName);
        Assert.Equal("processed/1 a/b.json", written.Key);
        Assert.Equal("application/json", written.ContentType);
        Assert.Equal("""{"orderId":"1001","quantity":2,"status":"accepted"}""", written.ContentBody);
    }

    [Fact]
    public async Task LogsWhatWasImported()
    {
        Store(Good);

        await Invoke(new Function(_s3), SampleEvent("event.json"));

        var line = Assert.Single(_logger.Lines);
        Assert.Equal("Information", line.Level);
        Assert.Equal("order imported: key={key} order_id={order_id} quantity={quantity}", line.Message);
        Assert.Equal("incoming/1 a/b.json 1001 2", line.Values);
    }

    [Theory]
    [InlineData("é.json")]
    [InlineData("a+b.json")]
    [InlineData("100%.json")]
    [InlineData("incoming/a.json")]
    public async Task KeepsTheName(string name)
    {
        Store(Good);

        await Invoke(new Function(_s3), EventWith($"incoming/{name}"));

        Assert.Equal($"incoming/{name}", Assert.Single(_read).Key);
        Assert.Equal($"processed/{name}", Assert.Single(_written).Key);
    }

    [Fact]
    public async Task FailsWithTheKeyOfTheObject()
    {
        Store("this is not an order");

        var exception = await Failure(new Function(_s3), SampleEvent("bad.json"));

        Assert.Equal("import failed: key=incoming/bad.json", exception.Message);
        Assert.NotNull(exception.InnerException);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task FailsWithoutTheObject()
    {
        _s3.GetObjectAsync(Arg.Any<GetObjectRequest>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new AmazonS3Exception("The specified key does not exist."));

        var exception = await Failure(new Function(_s3), EventWith("incoming/gone.json"));

        Assert.Equal("import failed: key=incoming/gone.json", exception.Message);
        Assert.IsType<AmazonS3Exception>(exception.InnerException);
        Assert.Empty(_written);
    }

    [Fact]
    public async Task FailsIfTheResultCannotBeWritten()
    {
        Store(Good);
        _s3.PutObjectAsync(Arg.Any<PutObjectRequest>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new AmazonS3Exception("Access Denied"));

        var exception = await Failure(new Function(_s3), EventWith("incoming/a.json"));

        Assert.Equal("import failed: key=incoming/a.json", exception.Message);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task FailsIfOneOfSeveralObjectsDoes()
    {
        Store(Good, "[]", Good);

        var exception = await Failure(
            new Function(_s3), EventWith("incoming/a.json", "incoming/b.json", "incoming/c.json"));

        Assert.Equal("import failed: key=incoming/b.json", exception.Message);
        Assert.Equal("processed/a.json", Assert.Single(_written).Key);
    }

    [Fact]
    public async Task WritesNothingIfProcessingFails()
    {
        Store(Good);

        var exception = await Failure(new FailingFunction(_s3), EventWith("incoming/a.json"));

        Assert.Equal("1001", exception.InnerException?.Message);
        Assert.Empty(_written);
    }

    [Theory]
    [InlineData("""{"orderId": "1001", "quantity": 1}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2147483647}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2, "note": "another key"}""")]
    public async Task AcceptsAnOrder(string body)
    {
        Store(body);

        await Invoke(new Function(_s3), EventWith("incoming/a.json"));

        Assert.Single(_written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("this is not an order")]
    [InlineData("""{"quantity": 2}""")]
    [InlineData("""{"orderId": "", "quantity": 2}""")]
    [InlineData("""{"orderId": "\ud800", "quantity": 2}""")]
    [InlineData("""{"orderId": 1001, "quantity": 2}""")]
    [InlineData("""{"orderId": "1001"}""")]
    [InlineData("""{"orderId": "1001", "quantity": 0}""")]
    [InlineData("""{"orderId": "1001", "quantity": -1}""")]
    [InlineData("""{"orderId": "1001", "quantity": 1.5}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2.0}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2e0}""")]
    [InlineData("""{"orderId": "1001", "quantity": "2"}""")]
    [InlineData("""{"orderId": "1001", "quantity": true}""")]
    [InlineData("""{"orderId": "1001", "quantity": null}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2147483648}""")]
    [InlineData("""{"orderId": "1001", "quantity": 99999999999999999999}""")]
    [InlineData("""{"orderid": "1001", "quantity": 2}""")]
    [InlineData("""{"OrderId": "1001", "Quantity": 2}""")]
    [InlineData("""{"orderId": "1001", "quantity": 2} {}""")]
    public async Task RefusesWhatIsNoOrder(string body)
    {
        Store(body);

        await Failure(new Function(_s3), EventWith("incoming/a.json"));

        Assert.Empty(_written);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task RefusesWhatIsNotUtf8()
    {
        Store(Encoding.Latin1, """{"orderId": "é", "quantity": 2}""");

        await Failure(new Function(_s3), EventWith("incoming/a.json"));

        Assert.Empty(_written);
    }

    private static S3Event SampleEvent(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name));
        return Serializer.Deserialize<S3Event>(file);
    }

    private static S3Event EventWith(params string[] keys) => new()
    {
        Records = keys
            .Select(key => new S3Event.S3Entity
            {
                Bucket = new() { Name = "orders" },
                Object = new() { Key = WebUtility.UrlEncode(key) },
            })
            .Select(entity => new S3Event.S3EventNotificationRecord { S3 = entity })
            .ToList(),
    };

    // The objects in the bucket, in the order in which they are read.
    private void Store(params string[] bodies) => Store(Encoding.UTF8, bodies);

    private void Store(Encoding encoding, params string[] bodies)
    {
        var objects = new Queue<byte[]>(bodies.Select(body => encoding.GetBytes(body)));
        _s3.GetObjectAsync(Arg.Do<GetObjectRequest>(_read.Add), Arg.Any<CancellationToken>())
            .Returns(_ => new GetObjectResponse { ResponseStream = new MemoryStream(objects.Dequeue()) });
    }

    private Task Invoke(Function function, S3Event notification) =>
        function.FunctionHandler(notification, new TestLambdaContext { Logger = _logger });

    private Task<InvalidOperationException> Failure(Function function, S3Event notification) =>
        Assert.ThrowsAsync<InvalidOperationException>(() => Invoke(function, notification));

    private sealed class FailingFunction(IAmazonS3 s3) : Function(s3)
    {
        protected override async Task<string> ProcessAsync(Order order)
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
        public List<Line> Lines { get; } = [];

        public void Log(string message) => throw new NotSupportedException();

        public void LogLine(string message) => throw new NotSupportedException();

        public void Log(string level, string message, params object[] args) =>
            Lines.Add(new Line(level, message, string.Join(" ", args)));
    }
}
