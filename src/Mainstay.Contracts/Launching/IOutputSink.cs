using Mainstay.Contracts.Keeping;

namespace Mainstay.Contracts.Launching;

/// <summary>Takes output lines, called from one thread, in order; must not block.</summary>
public interface IOutputSink
{
    void Write(in ProcessLine line);
}

/// <summary>One line of a process's output.</summary>
/// <param name="Source">The name it was launched under.</param>
/// <param name="Text">Without its line end; at most 64 KiB.</param>
/// <param name="IsError">From standard error.</param>
/// <param name="At">When it was read.</param>
/// <param name="Position">Where it ended.</param>
public readonly record struct ProcessLine(string Source, string Text, bool IsError, DateTimeOffset At, LinePosition Position);

/// <summary>Told which lines need not be read again by whoever comes after this process.</summary>
public interface IOutputReceipts
{
    /// <summary>Everything of the stream up to here was passed on for good. Any thread.</summary>
    void Taken(LinePosition position);
}
