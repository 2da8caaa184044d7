package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SNSEvent.SNS;
import com.amazonaws.services.lambda.runtime.events.SNSEvent.SNSRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Notifies the warehouse of the orders that a topic announces. */
public class App implements RequestHandler<SNSEvent, Void> {

    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

    /**
     * Processes the messages of an event, of which SNS usually sends one. After an exception, Lambda runs the event
     * again, and in the end sends it to the failure queue:
     * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
     */
    @Override
    public Void handleRequest(SNSEvent event, Context context) {
        MDC.put("AWSRequestId", context.getAwsRequestId()); // for each line of the log
        for (SNSRecord record : event.getRecords()) {
            SNS message = record.getSNS();
            try {
                process(Order.parse(message.getMessage()));
            } catch (Exception e) { // Lambda logs the exception, and this one says which message it was.
                throw new IllegalStateException("message " + message.getMessageId() + " failed", e);
            }
        }
        return null;
    }

    /**
     * Does what an order asks for: your own work goes here.
     *
     * <p>SNS delivers a message at least once, and Lambda repeats one that failed, so the same order may come twice:
     * make this idempotent, for example by recording the order's id with a conditional write before doing the work.
     */
    void process(Order order) {
        LOGGER.atInfo()
                .addKeyValue("order_id", order.orderId())
                .addKeyValue("quantity", order.quantity())
                .log("warehouse notified");
    }
}
