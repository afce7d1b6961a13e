namespace Mainstay.Contracts;

/// <summary>Names that more than one part, or the outside world, must agree on.</summary>
public static class WellKnown
{
    /// <summary>Folder beside the manifest that holds state, releases and the control socket.</summary>
    public const string StateFolder = ".mainstay";

    /// <summary>The control socket inside <see cref="StateFolder"/>.</summary>
    public const string ControlSocket = "control.sock";

    /// <summary>Holds the socket's path when <see cref="ControlSocket"/> would be too long for a socket.</summary>
    public const string ControlPointer = "control";

    /// <summary>The manifest's file name.</summary>
    public const string ManifestFile = "mainstay.yaml";

    /// <summary>Milliseconds that are left for a request, on the way in and on the way to an upstream.</summary>
    public const string TimeoutHeader = "Mainstay-Timeout-Ms";

    public const string RequestIdHeader = "X-Request-Id";

    /// <summary>Bytes that the path of a Unix socket may have: sun_path holds 108 on Linux and 104 on macOS, the final zero included.</summary>
    public static readonly int SocketPathLimit = OperatingSystem.IsLinux() ? 107 : 103;
}
