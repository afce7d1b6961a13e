using Microsoft.Win32.SafeHandles;

namespace Mainstay.Contracts.Keeping;

/// <summary>Files in memory that outlive the process that fills them, so that its successor finds what was in them. Thread-safe.</summary>
public interface IKeptFiles
{
    /// <summary>
    /// The file kept under a key, made of zeros when there is none yet (or one of another size). Whoever opens the key later, in this process
    /// or a later one, finds the same content. Two writers at a time are the callers' mistake.
    /// </summary>
    /// <param name="key">Chosen by the caller, such as <c>logs/web</c>; compared byte by byte.</param>
    /// <param name="size">Bytes; 1 or more. The file is mapped into memory, so nobody may ever make it shorter.</param>
    /// <returns>Open for reading and writing, the caller's to dispose; null when none can be had. Never throws for that.</returns>
    SafeFileHandle? Open(string key, long size);

    /// <summary>Those that an earlier process kept and that nobody has opened yet.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>Nobody will open it any more: its memory goes when the last who has it open closes it.</summary>
    void Forget(string key);
}
