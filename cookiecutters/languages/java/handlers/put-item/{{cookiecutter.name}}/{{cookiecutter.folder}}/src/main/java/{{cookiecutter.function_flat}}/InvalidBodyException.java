package {{ cookiecutter.function_flat }};

/** Says what is wrong with a request's body, in words for the caller. */
final class InvalidBodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidBodyException(String message) {
        super(message);
    }
}
