using System.Net;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.S3Events;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.S3;
using Amazon.S3.Model;

// Lambda reads the event with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function(IAmazonS3 s3)
{
    private const string Incoming = "incoming/";

    /// <summary>Lambda calls this once for each execution environment, so that all events share the client.</summary>
    public Function()
        : this(CreateClient())
    {
    }

    /// <summary>
    /// Imports the objects that were created; S3 usually names one in an event. After an exception, Lambda runs the
    /// event again, and in the end sends it to the failure queue:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    /// </summary>
    /// <exception cref="InvalidOperationException">An object could not be imported.</exception>
    public async Task FunctionHandler(S3Event notification, ILambdaContext context)
    {
        foreach (var record in notification.Records)
        {
            // In an event, a key is encoded as in an HTML form.
            var key = WebUtility.UrlDecode(record.S3.Object.Key);
            try
            {
                await ImportAsync(record.S3.Bucket.Name, key, context);
            }
            // Lambda logs the exception, which would not say which object it was.
            catch (Exception exception)
            {
                throw new InvalidOperationException($"import failed: key={key}", exception);
            }
        }
    }

    /// <summary>
    /// Does what an order asks for, and returns its new status: your own work goes here. The same order may come twice:
    /// make this idempotent, for example by recording the order's id with a conditional write before doing the work.
    /// </summary>
    protected virtual Task<string> ProcessAsync(Order order) => Task.FromResult("accepted");

    /// <summary>
    /// Processes the order in an object and writes the result beside it. S3 sends an event at least once, and Lambda
    /// runs a failed one again. A repeated event overwrites the result with the same, so it is harmless as long as
    /// nobody overwrites the upload.
    /// </summary>
    private async Task ImportAsync(string bucket, string key, ILambdaContext context)
    {
        var order = await ReadAsync(bucket, key);
        var status = await ProcessAsync(order);
        var result = new Result(order.OrderId, order.Quantity, status);
        await s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = $"processed/{NameIn(key)}",
            ContentBody = JsonSerializer.Serialize(result, FunctionJsonContext.Default.Result),
            ContentType = "application/json",
        });
        // With JSON logs, what stands in braces becomes fields.
        context.Logger.LogInformation(
            "order imported: key={key} order_id={order_id} quantity={quantity}", key, order.OrderId, order.Quantity);
    }

    private async Task<Order> ReadAsync(string bucket, string key)
    {
        using var found = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key });
        return await Order.ReadAsync(found.ResponseStream);
    }

    private static string NameIn(string key) =>
        key.StartsWith(Incoming, StringComparison.Ordinal) ? key[Incoming.Length..] : key;

    // Two requests that hang, with three attempts each and the pauses between them, fit into the function's 30 seconds.
    // The time to read an object once the response has begun is not counted.
    private static AmazonS3Client CreateClient() =>
        new(new AmazonS3Config { Timeout = TimeSpan.FromSeconds(2), MaxErrorRetry = 2 });
}
