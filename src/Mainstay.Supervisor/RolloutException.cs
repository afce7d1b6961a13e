namespace Mainstay.Supervisor;

/// <summary>An operation that failed for a reason the user must know: one line, and the failing replica's last lines if there are any.</summary>
public sealed class RolloutException(string message, IReadOnlyList<string>? lastLines = null) : Exception(message)
{
    public IReadOnlyList<string> LastLines { get; } = lastLines ?? [];
}
