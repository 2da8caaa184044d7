package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Processes the orders that arrive in a queue. */
public class App implements RequestHandler<SQSEvent, SQSBatchResponse> {

    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

    /**
     * Processes a batch of messages and returns which of them failed. SQS delivers those again and deletes the others:
     * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
     */
    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        MDC.put("AWSRequestId", context.getAwsRequestId()); // for each line of the log
        List<BatchItemFailure> failures = new ArrayList<>();
        for (SQSMessage message : event.getRecords()) {
            String messageId = message.getMessageId();
            try {
                process(Order.parse(message.getBody()));
            } catch (Exception e) { // Whatever is wrong with one message, the others of the batch are processed.
                LOGGER.atError()
                        .setCause(e)
                        .addKeyValue("message_id", messageId)
                        .log("message failed");
                failures.add(new BatchItemFailure(messageId));
            }
        }
        return new SQSBatchResponse(failures);
    }

    /**
     * Does what an order asks for: your own work goes here.
     *
     * <p>SQS delivers a message at least once, so the same order may come twice: make this idempotent, for example by
     * recording the order's id with a conditional write before doing the work.
     */
    void process(Order order) {
        LOGGER.atInfo()
                .addKeyValue("order_id", order.orderId())
                .addKeyValue("quantity", order.quantity())
                .log("order processed");
    }
}
