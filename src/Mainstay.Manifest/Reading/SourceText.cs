using System.Text;

namespace Mainstay.Manifest.Reading;

/// <summary>Gets a manifest's text from the disk, or says in one line why not.</summary>
internal static class SourceText
{
    /// <summary>Far beyond any manifest; keeps a wrong path from filling the memory.</summary>
    public const int LargestFile = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file without a length is not opened: a pipe or a device has none, and reading one could block or never end.</summary>
    public static string? Load(string file, FindingList findings, DocumentKind? kind = null)
    {
        kind ??= DocumentKind.Manifest;
        try
        {
            var target = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
            if (Directory.Exists(target.FullName))
                findings.Error(kind.Folder);
            else if (!target.Exists)
                findings.Error(kind.Missing);
            else if (target is FileInfo { Length: 0 })
                findings.Error(kind.Empty);
            else if (ReadBytes(file) is { } bytes)
                return Decode(bytes, findings);
            else
                findings.Error($"is larger than 1 MiB; that is no {kind.Noun.Split(' ', 2)[1]}");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            findings.Error(kind.Missing);
        }
        catch (UnauthorizedAccessException)
        {
            findings.Error("cannot be read: permission denied; check its owner and mode");
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException or System.Security.SecurityException)
        {
            findings.Error($"cannot be read: {Shown.Text(failure.Message, 200)}");
        }
        return null;
    }

    private static byte[]? ReadBytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var buffer = new byte[LargestFile + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > LargestFile ? null : buffer[..length];
    }

    private static string? Decode(byte[] bytes, FindingList findings)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, _, ..] or [_, 0, ..])
        {
            findings.Error("is written in UTF-16 or UTF-32; save it as UTF-8");
            return null;
        }
        var body = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        try
        {
            return Inspect(Strict.GetString(body), findings);
        }
        catch (DecoderFallbackException failure)
        {
            var before = body[..Math.Clamp(failure.Index, 0, body.Length)];
            var column = before.Length - before.LastIndexOf((byte)'\n');
            findings.Error(new(before.Count((byte)'\n') + 1, column), "", "is not valid UTF-8; save it as UTF-8");
            return null;
        }
    }

    private static string? Inspect(string text, FindingList findings)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\0', '\u001f');
        for (var from = 0; at >= 0; at = text.AsSpan(from).IndexOfAnyInRange('\0', '\u001f'))
        {
            at += from;
            if (text[at] is not ('\t' or '\n' or '\r'))
            {
                var column = at - text.LastIndexOf('\n', at);
                findings.Error(new(text.AsSpan(0, at).Count('\n') + 1, column), "", $"the control character U+{(int)text[at]:X4} is not allowed here; remove it");
                return null;
            }
            from = at + 1;
        }
        return text;
    }
}
