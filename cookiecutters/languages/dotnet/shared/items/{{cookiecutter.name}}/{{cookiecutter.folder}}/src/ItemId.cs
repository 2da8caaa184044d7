using System.Diagnostics.CodeAnalysis;

namespace {{ cookiecutter.function_pascal }};

internal static class ItemId
{
    /// <summary>Returns whether an item may have that id.</summary>
    public static bool IsValid([NotNullWhen(true)] string? id) =>
        id is { Length: >= 1 and <= 100 }
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
