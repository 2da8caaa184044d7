using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;

// What makes objects of the JSON that the handler takes, and JSON of what it returns.
[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Takes a batch of messages and answers which of them failed: the queue hands out those again, and no others.
    /// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    /// </summary>
    public async Task<SQSBatchResponse> FunctionHandler(SQSEvent batch, ILambdaContext context)
    {
        var failures = new List<SQSBatchResponse.BatchItemFailure>();
        foreach (var message in batch.Records)
        {
            try
            {
                await ProcessAsync(Order.Parse(message.Body), context.Logger);
            }
            // One message that fails must not take the others with it, whatever the reason.
            catch (Exception exception)
            {
                context.Logger.LogError($"message {message.MessageId} failed: {exception.Message}");
                failures.Add(new() { ItemIdentifier = message.MessageId });
            }
        }

        return new SQSBatchResponse(failures);
    }

    // Your own work goes here. What it throws sends the message back to the queue.
    private static Task ProcessAsync(Order order, ILambdaLogger logger)
    {
        logger.LogInformation($"order {order.OrderId}: {order.Quantity}");
        return Task.CompletedTask;
    }
}
