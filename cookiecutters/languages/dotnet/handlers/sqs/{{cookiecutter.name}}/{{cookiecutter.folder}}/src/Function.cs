using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Processes a batch of messages and returns which of them failed: SQS delivers those again, and the others are
    /// deleted from the queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    /// </summary>
    public async Task<SQSBatchResponse> FunctionHandler(SQSEvent batch, ILambdaContext context)
    {
        var failures = new List<SQSBatchResponse.BatchItemFailure>();
        foreach (var message in batch.Records)
        {
            try
            {
                await ProcessAsync(Order.Parse(message.Body), context);
            }
            // Whatever is wrong with one message, the others of the batch are processed.
            catch (Exception exception)
            {
{% if cookiecutter.structured_logs %}
                context.Logger.LogError(exception, "message failed: message_id={message_id}", message.MessageId);
{% else %}
                context.Logger.LogError($"message failed: message_id={message.MessageId}\n{exception}");
{% endif %}
                failures.Add(new() { ItemIdentifier = message.MessageId });
            }
        }

        return new SQSBatchResponse(failures);
    }

    /// <summary>
    /// Does what an order asks for: your own work goes here. An exception sends the message back to the queue.
    /// SQS delivers a message at least once, so the same order may come twice: make this idempotent, for example by
    /// recording the order's id with a conditional write before doing the work.
    /// </summary>
    protected virtual Task ProcessAsync(Order order, ILambdaContext context)
    {
{% if cookiecutter.structured_logs %}
        // With JSON logs, what stands in braces becomes fields.
        context.Logger.LogInformation(
            "order processed: order_id={order_id} quantity={quantity}", order.OrderId, order.Quantity);
{% else %}
        context.Logger.LogInformation($"order processed: order_id={order.OrderId} quantity={order.Quantity}");
{% endif %}
        return Task.CompletedTask;
    }
}
