namespace Mainstay.Contracts.Keeping;

/// <summary>What a process leaves to whoever takes its place. Thread-safe; a note that was written is kept, however this process ends.</summary>
public interface INotes
{
    /// <summary>As it was when this process began, or was written since; null: there is none.</summary>
    byte[]? Read(string key);

    /// <param name="key">Short, such as <c>service/web</c>.</param>
    /// <param name="note">Empty: forget it.</param>
    void Write(string key, ReadOnlySpan<byte> note);
}
