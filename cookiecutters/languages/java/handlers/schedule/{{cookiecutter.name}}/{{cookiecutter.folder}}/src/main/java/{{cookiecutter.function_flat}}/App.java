package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Reports each night on the day before. */
public class App implements RequestHandler<App.Request, App.Response> {

    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

    /** The Input of the schedule in template.yaml. */
    public static class Request {

        private String scheduledTime;

        public String getScheduledTime() {
            return scheduledTime;
        }

        public void setScheduledTime(String scheduledTime) {
            this.scheduledTime = scheduledTime;
        }
    }

    /** The day that was reported on, such as 2026-02-28. */
{% if cookiecutter.java | int >= 17 %}
    public record Response(String day) {}

{% else %}
    public static class Response {

        private final String day;

        Response(String day) {
            this.day = day;
        }

        public String getDay() {
            return day;
        }
    }

{% endif %}
    /**
     * Reports on the day before the scheduled time, in UTC. After an exception, Lambda runs the event again, and in the
     * end sends it to the failure queue:
     * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
     */
    @Override
    public Response handleRequest(Request request, Context context) {
        MDC.put("AWSRequestId", context.getAwsRequestId()); // for each line of the log
        // Not the clock's time: a run that is repeated after midnight is about the same day.
        LocalDate day = dayBefore(request.getScheduledTime());
        makeReport(day);
        return new Response(day.toString());
    }

    private static LocalDate dayBefore(String scheduledTime) {
        if (scheduledTime == null) {
            throw new IllegalArgumentException("scheduledTime is missing");
        }
        try {
            return OffsetDateTime.parse(scheduledTime)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toLocalDate()
                    .minusDays(1);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("scheduledTime must be a time such as 2026-03-01T02:00:00Z", e);
        }
    }

    /**
     * Makes the report on a day: your own work goes here.
     *
     * <p>A schedule invokes the function at least once, and Lambda repeats a run that failed, so the same day may come
     * twice: make this idempotent, for example by storing the report under a name made of its day.
     */
    void makeReport(LocalDate day) {
        LOGGER.atInfo().addKeyValue("day", day.toString()).log("report made");
    }
}
