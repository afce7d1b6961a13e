using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Values;

/// <summary>The file that a fallback answers with: a regular one, short enough to be kept in memory. Never waits for a pipe's other end.</summary>
public static partial class FallbackFile
{
    private const int CurrentDirectory = -100;
    private const uint WantType = 0x1;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>What is wrong with it, with its remedy; null if nothing is.</summary>
    /// <param name="path">Absolute.</param>
    public static string? Problem(string path)
    {
        try
        {
            if (Directory.Exists(path))
                return "is a folder; name a file";
            if (!File.Exists(path))
                return $"there is no file {Shown.Text(path, 200)}; create it or correct the path (relative to the manifest)";
            if (!IsRegular(path))
                return "is no regular file but a pipe, a socket or a device; name a file";
            Read(path);
            return null;
        }
        catch (InvalidDataException)
        {
            return "is larger than 1MiB; a fallback is kept in memory: make it smaller";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read ({error.Message}); allow it, or name another file";
        }
    }

    /// <summary>Its bytes. Throws <see cref="IOException"/>, <see cref="InvalidDataException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    /// <param name="path">Absolute.</param>
    public static byte[] Read(string path)
    {
        if (!IsRegular(path))
            throw new IOException("not a regular file");
        using var file = File.OpenRead(path);
        // What is being written to, or has no length of its own (/proc), is bounded by what is read and not by what is promised.
        var buffer = new byte[Math.Min(file.Length, FallbackSpec.MostBytes) + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length < buffer.Length ? buffer[..length] : throw new InvalidDataException("larger than 1 MiB, or still being written");
    }

    /// <summary>Where the kernel cannot be asked (only Linux has statx), a file that is there counts as one.</summary>
    private static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        Span<byte> answer = stackalloc byte[256];
        return StatX(CurrentDirectory, path, 0, WantType, answer) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]) & TypeMask) == Regular; // stx_mode
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, Span<byte> answer);
}
