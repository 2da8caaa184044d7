using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace {{ cookiecutter.function_pascal }};

/// <summary>
/// What stands for an id in the query of a request, and means nothing to callers: base64url without padding.
/// </summary>
internal static class Token
{
    public static string Write(string id) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(id)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static bool TryRead(string token, [NotNullWhen(true)] out string? id)
    {
        // Base64 has padding, to a multiple of four characters.
        var base64 = token.Replace('-', '+').Replace('_', '/').PadRight((token.Length + 3) / 4 * 4, '=');
        var bytes = new byte[base64.Length];
        id = Convert.TryFromBase64String(base64, bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : null;
        // Decoding skips some of what does not belong there, so the way back has to lead to the same token.
        return ItemId.IsValid(id) && Write(id) == token;
    }
}
