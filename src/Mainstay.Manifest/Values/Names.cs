namespace Mainstay.Manifest.Values;

/// <summary>What the names in a manifest may look like.</summary>
internal static class Names
{
    public static bool IsVariable(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Lower-case letters, digits and hyphens inside; at most 63, as in a host name.</summary>
    public static bool IsService(string name) =>
        name.Length is > 0 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-';

    /// <summary>The nearest name that <see cref="IsService"/> accepts.</summary>
    public static string ToService(string text)
    {
        var letters = text.Take(63).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        var name = string.Concat(letters).Trim('-');
        return name.Length > 0 ? name : "app";
    }

    /// <summary>A token of RFC 9110: methods and header names.</summary>
    public static bool IsToken(string name) =>
        name.Length is > 0 and <= 256 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
}
