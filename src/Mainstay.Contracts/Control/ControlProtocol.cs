namespace Mainstay.Contracts.Control;

/// <summary>
/// What a command-line client and a running <c>up</c> say to each other over the control socket: one JSON document a line, by
/// <see cref="ControlJson"/>. The client sends one <see cref="ControlRequest"/>; the answer is any number of <see cref="ControlEvent"/>s,
/// the last of them with <see cref="ControlEvent.Exit"/>. Unknown members are ignored, unknown commands answered with an error, another
/// <see cref="ControlRequest.Version"/> refused.
/// </summary>
public static class ControlProtocol
{
    public const int Version = 1;

    /// <summary>Longest line either side accepts, in bytes.</summary>
    public const int MaxLine = 1 << 20;
}
