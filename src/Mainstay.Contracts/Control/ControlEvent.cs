namespace Mainstay.Contracts.Control;

/// <summary>One line of an answer; one member is set, or <see cref="Exit"/> with <see cref="Error"/> and <see cref="LastLines"/>.</summary>
/// <param name="Progress">Something to tell the user now.</param>
/// <param name="Line">A line of output, for logs and of build commands.</param>
/// <param name="Status">The answer to status.</param>
/// <param name="Hello">The answer to hello.</param>
/// <param name="Error">Why it failed, in one line.</param>
/// <param name="LastLines">With <see cref="Error"/>: the last output of the replica that failed.</param>
/// <param name="Exit">The exit code; ends the answer.</param>
public sealed record ControlEvent(
    string? Progress = null,
    OutputLine? Line = null,
    StatusReport? Status = null,
    ControlHello? Hello = null,
    string? Error = null,
    IReadOnlyList<string>? LastLines = null,
    int? Exit = null);

/// <summary>Who answers on the control socket.</summary>
/// <param name="Pid">Of the running <c>up</c>.</param>
/// <param name="Name">The application's name.</param>
/// <param name="Manifest">Absolute path of the manifest; null for <c>up -- COMMAND</c>.</param>
/// <param name="Listen">Urls, with the real port; empty while it starts.</param>
public sealed record ControlHello(int Pid, string Name, string? Manifest, IReadOnlyList<string> Listen);
