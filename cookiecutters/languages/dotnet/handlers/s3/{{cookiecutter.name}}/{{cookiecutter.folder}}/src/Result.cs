namespace {{ cookiecutter.function_pascal }};

/// <summary>What became of an order.</summary>
public record Result(string OrderId, int Quantity, string Status);
