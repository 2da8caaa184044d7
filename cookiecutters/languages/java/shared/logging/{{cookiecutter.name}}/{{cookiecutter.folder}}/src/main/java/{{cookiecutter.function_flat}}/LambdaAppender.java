package {{ cookiecutter.function_flat }};

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;

/** Logs through Lambda's own logger, which keeps an event of several lines, such as a stack trace, in one piece. */
public class LambdaAppender extends AppenderBase<ILoggingEvent> {

    private Encoder<ILoggingEvent> encoder;

    /** Logback calls this with the encoder in logback.xml. */
    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    protected void append(ILoggingEvent event) {
        LogLevel level = LogLevel.valueOf(event.getLevel().toString());
        LambdaRuntime.getLogger().log(encoder.encode(event), level);
    }
}
