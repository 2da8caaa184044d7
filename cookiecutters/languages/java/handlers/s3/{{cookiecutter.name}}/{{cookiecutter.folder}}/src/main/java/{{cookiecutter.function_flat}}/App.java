package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3Entity;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3EventNotificationRecord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Imports the orders that are uploaded to a bucket. */
public class App implements RequestHandler<S3Event, Void> {

    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final S3Client s3;

    /** Lambda calls this once for each execution environment. */
    public App() {
        this(client());
    }

    App(S3Client s3) {
        this.s3 = s3;
    }

    /** Returns a client with the function's region and credentials. */
    private static S3Client client() {
        return S3Client.builder()
                // A small HTTP client, for a short cold start. It would wait 30 seconds for an answer; like this, two
                // requests with all attempts and pauses of the SDK fit into the function's 30 seconds. A large object
                // may take longer, since socketTimeout is the time without a single byte.
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .build();
    }

    /**
     * Imports the objects of an event, of which S3 usually sends one. After an exception, Lambda runs the event again,
     * and in the end sends it to the failure queue:
     * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
     */
    @Override
    public Void handleRequest(S3Event event, Context context) {
        MDC.put("AWSRequestId", context.getAwsRequestId()); // for each line of the log
        for (S3EventNotificationRecord record : event.getRecords()) {
            S3Entity entity = record.getS3();
            String key = entity.getObject().getUrlDecodedKey();
            try {
                importOrder(entity.getBucket().getName(), key);
            } catch (Exception e) { // Lambda logs the exception, and this one says which object it was.
                throw new IllegalStateException("object " + key + " failed", e);
            }
        }
        return null;
    }

    /**
     * Processes the order in an object and writes the result beside it. S3 sends an event at least once, and Lambda
     * runs a failed one again: this writes the same result once more, as long as nobody overwrites the upload.
     */
    private void importOrder(String bucket, String key) throws JsonProcessingException {
        ResponseBytes<?> object =
                s3.getObjectAsBytes(request -> request.bucket(bucket).key(key));
        Order order = Order.parse(object.asUtf8String());
        JsonNode result = JSON.createObjectNode()
                .put("orderId", order.orderId())
                .put("quantity", order.quantity())
                .put("status", process(order));
        String resultKey = "processed/" + key.replaceFirst("^incoming/", "");
        s3.putObject(
                request -> request.bucket(bucket).key(resultKey).contentType("application/json"),
                RequestBody.fromString(result.toString()));
        LOGGER.atInfo()
                .addKeyValue("key", key)
                .addKeyValue("order_id", order.orderId())
                .addKeyValue("quantity", order.quantity())
                .log("order imported");
    }

    /**
     * Does what an order asks for, and returns its new status: your own work goes here.
     *
     * <p>The same order may come twice: make this idempotent, for example by recording the order's id with a
     * conditional write before doing the work.
     */
    String process(Order order) {
        return "accepted";
    }
}
