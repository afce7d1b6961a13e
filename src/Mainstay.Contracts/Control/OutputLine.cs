namespace Mainstay.Contracts.Control;

/// <param name="Source">The replica's name (<c>web-1</c>), or a step's (<c>web build</c>).</param>
/// <param name="At">When it was read.</param>
/// <param name="Text">Without its line end; at most 64 KiB.</param>
/// <param name="IsError">From standard error.</param>
public sealed record OutputLine(string Source, DateTimeOffset At, string Text, bool IsError);
