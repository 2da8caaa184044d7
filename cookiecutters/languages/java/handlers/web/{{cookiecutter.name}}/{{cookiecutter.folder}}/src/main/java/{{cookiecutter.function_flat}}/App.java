package {{ cookiecutter.function_flat }};

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** A web application, which knows nothing of Lambda. */
@SpringBootApplication
@RestController
public class App {

    private static final int MAX_NAME_LENGTH = 100;

    record Greeting(String message) {}

    public static void main(String[] args) {
        SpringApplication.run(App.class, args);
    }

    /** Returns 200 once requests can be served; the Lambda Web Adapter and load balancers check this. */
    @GetMapping("/health")
    void health() {}

    @GetMapping("/greetings/{name}")
    Greeting greet(@PathVariable("name") String name) {
        // An emoji takes two of Java's chars.
        if (name.codePointCount(0, name.length()) > MAX_NAME_LENGTH) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "name must have at most " + MAX_NAME_LENGTH + " characters");
        }
        return new Greeting("hello " + name);
    }
}
