using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SNSEvents;

// Lambda reads the event with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Processes a message, which SNS sends in a list of one. After an exception, Lambda runs the event again, and in
    /// the end sends it to the failure queue:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    /// </summary>
    /// <exception cref="InvalidOperationException">A message could not be processed.</exception>
    public async Task FunctionHandler(SNSEvent notification, ILambdaContext context)
    {
        foreach (var record in notification.Records)
        {
            try
            {
                await ProcessAsync(Order.Parse(record.Sns.Message), context);
            }
            // Lambda logs the exception, which would not say which message it was.
            catch (Exception exception)
            {
                throw new InvalidOperationException($"message failed: message_id={record.Sns.MessageId}", exception);
            }
        }
    }

    /// <summary>
    /// Notifies the warehouse of an order: your own work goes here. SNS delivers a message at least once, and Lambda
    /// runs a failed event again, so the same order may come twice: make this idempotent, for example by recording the
    /// order's id with a conditional write before doing the work.
    /// </summary>
    protected virtual Task ProcessAsync(Order order, ILambdaContext context)
    {
{% if cookiecutter.structured_logs %}
        // With JSON logs, what stands in braces becomes fields.
        context.Logger.LogInformation(
            "warehouse notified: order_id={order_id} quantity={quantity}", order.OrderId, order.Quantity);
{% else %}
        context.Logger.LogInformation($"warehouse notified: order_id={order.OrderId} quantity={order.Quantity}");
{% endif %}
        return Task.CompletedTask;
    }
}
