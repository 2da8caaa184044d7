namespace {{ cookiecutter.function_pascal }};

/// <summary>Some items, and a token for those after them, or null if they are the last.</summary>
public record Page(IReadOnlyList<Item> Items, string? Next);
