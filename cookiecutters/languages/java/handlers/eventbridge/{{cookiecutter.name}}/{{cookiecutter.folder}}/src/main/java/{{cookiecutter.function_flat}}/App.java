package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Ships the orders of which an event bus tells. */
public class App implements RequestHandler<ScheduledEvent, Void> {

    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

    /**
     * Processes an event. Its class has the name of those that a schedule sends, but it fits any event of EventBridge.
     * After an exception, Lambda runs the event again, and in the end sends it to the failure queue:
     * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
     */
    @Override
    public Void handleRequest(ScheduledEvent event, Context context) {
        MDC.put("AWSRequestId", context.getAwsRequestId()); // for each line of the log
        try {
            process(Order.parse(event.getDetail()));
        } catch (Exception e) { // Lambda logs the exception, and this one says which event it was.
            throw new IllegalStateException("event " + event.getId() + " failed", e);
        }
        return null;
    }

    /**
     * Does what an order asks for: your own work goes here.
     *
     * <p>EventBridge delivers an event at least once, and Lambda repeats one that failed, so the same order may come
     * twice: make this idempotent, for example by recording the order's id with a conditional write before doing the
     * work.
     */
    void process(Order order) {
        LOGGER.atInfo()
                .addKeyValue("order_id", order.orderId())
                .addKeyValue("quantity", order.quantity())
                .log("order shipped");
    }
}
