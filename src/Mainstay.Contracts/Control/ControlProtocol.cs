using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Control;

/// <summary>
/// What a command-line client and a running <c>up</c> say to each other over the control socket: one JSON document a line.
/// The client sends one <see cref="ControlRequest"/>; the answer is any number of <see cref="ControlEvent"/>s, the last of them
/// with <see cref="ControlEvent.Exit"/>. Unknown members are ignored, unknown commands answered with an error, another
/// <see cref="ControlRequest.Version"/> refused.
/// </summary>
public static class ControlProtocol
{
    public const int Version = 1;

    /// <summary>Longest line either side accepts, in bytes.</summary>
    public const int MaxLine = 1 << 20;

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}

/// <param name="Version">See <see cref="ControlProtocol.Version"/>.</param>
/// <param name="Command">status, deploy, rollback, scale, restart, logs, stop.</param>
/// <param name="Services">Services named on the command line; null or empty: all.</param>
/// <param name="Replicas">For scale: the number wanted.</param>
/// <param name="Force">For deploy: roll services that did not change, too.</param>
/// <param name="Follow">For logs.</param>
/// <param name="SinceSeconds">For logs: only lines at most so old.</param>
/// <param name="Variables">For deploy: values of the variables that the manifest names, from the caller's environment.</param>
public sealed record ControlRequest(
    int Version,
    string Command,
    IReadOnlyList<string>? Services = null,
    int? Replicas = null,
    bool Force = false,
    bool Follow = false,
    double? SinceSeconds = null,
    IReadOnlyDictionary<string, string>? Variables = null);

/// <summary>One line of an answer; exactly one member besides <see cref="Error"/> with <see cref="Exit"/> is set.</summary>
/// <param name="Progress">Something to tell the user now.</param>
/// <param name="Line">A line of output, for logs and of build commands.</param>
/// <param name="Status">The answer to status, as one <see cref="StatusReport"/>.</param>
/// <param name="Error">Why it failed, in one line.</param>
/// <param name="Exit">The exit code; ends the answer.</param>
public sealed record ControlEvent(
    string? Progress = null,
    OutputLine? Line = null,
    StatusReport? Status = null,
    string? Error = null,
    int? Exit = null);

/// <param name="Source">The replica's name (<c>web-1</c>), or a step's (<c>web build</c>).</param>
/// <param name="At">When it was read.</param>
/// <param name="Text">Without its line end; at most 64 KiB.</param>
/// <param name="IsError">From standard error.</param>
public sealed record OutputLine(string Source, DateTimeOffset At, string Text, bool IsError);
