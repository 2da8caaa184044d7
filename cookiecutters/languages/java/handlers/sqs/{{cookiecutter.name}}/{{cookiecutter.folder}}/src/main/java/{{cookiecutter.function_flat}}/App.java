package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.ArrayList;
import java.util.List;

/** Processes orders from a queue, and answers which messages failed: only those come back. */
public class App implements RequestHandler<SQSEvent, SQSBatchResponse> {

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        List<BatchItemFailure> failures = new ArrayList<>();
        for (SQSMessage message : event.getRecords()) {
            try {
                process(Order.parse(message.getBody()));
            } catch (Exception e) { // Whatever is wrong with this message, the others must not suffer from it.
                log(LogLevel.WARN, "message " + message.getMessageId() + " failed: " + e);
                failures.add(new BatchItemFailure(message.getMessageId()));
            }
        }
        return new SQSBatchResponse(failures);
    }

    /** Your own work goes here. What it throws brings the message back. */
    private static void process(Order order) {
        log(LogLevel.INFO, "order " + order.orderId() + ": " + order.quantity());
    }

    private static void log(LogLevel level, String line) {
        // Lambda needs no line end, but lines on this machine would run together without one.
        LambdaRuntime.getLogger().log(line + "\n", level);
    }
}
