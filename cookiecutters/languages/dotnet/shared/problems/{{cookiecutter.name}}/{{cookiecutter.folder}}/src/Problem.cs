namespace {{ cookiecutter.function_pascal }};

/// <summary>Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457.</summary>
public record Problem(string Title, int Status, string Detail);
