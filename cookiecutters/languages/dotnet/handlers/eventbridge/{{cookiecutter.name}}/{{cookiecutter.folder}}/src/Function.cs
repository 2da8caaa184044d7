using System.Text.Json;
using Amazon.Lambda.CloudWatchEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// Lambda reads the event with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>
    /// Processes an event of EventBridge, which was called CloudWatch Events once; the rule in template.yaml has looked
    /// at its source and type. After an exception, Lambda runs the event again, and in the end sends it to the failure
    /// queue:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    /// </summary>
    /// <exception cref="InvalidOperationException">The event could not be processed.</exception>
    public async Task FunctionHandler(CloudWatchEvent<JsonElement> orderPlaced, ILambdaContext context)
    {
        try
        {
            await ProcessAsync(Order.Parse(orderPlaced.Detail), context);
        }
        // Lambda logs the exception, which would not say which event it was.
        catch (Exception exception)
        {
            throw new InvalidOperationException($"event failed: event_id={orderPlaced.Id}", exception);
        }
    }

    /// <summary>
    /// Ships an order: your own work goes here. EventBridge delivers an event at least once, and Lambda runs a failed
    /// one again, so the same order may come twice: make this idempotent, for example by recording the order's id with
    /// a conditional write before doing the work.
    /// </summary>
    protected virtual Task ProcessAsync(Order order, ILambdaContext context)
    {
{% if cookiecutter.structured_logs %}
        // With JSON logs, what stands in braces becomes fields.
        context.Logger.LogInformation(
            "order shipped: order_id={order_id} quantity={quantity}", order.OrderId, order.Quantity);
{% else %}
        context.Logger.LogInformation($"order shipped: order_id={order.OrderId} quantity={order.Quantity}");
{% endif %}
        return Task.CompletedTask;
    }
}
