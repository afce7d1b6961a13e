namespace Mainstay.Cli.Installing;

/// <summary>
/// What the unit takes away from Mainstay and everything it runs. The measure is what a web application, a worker, a build with npm or dotnet, and a
/// just-in-time compiler need. Whoever needs more gives it back in a drop-in, one line for each.
/// </summary>
internal static class Hardening
{
    /// <summary>What works for the user's own systemd too, which may not mount, drop capabilities or hide devices.</summary>
    private static readonly string[] Everywhere =
    [
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictSUIDSGID=yes",
        "RestrictRealtime=yes",
        "# A browser's own sandbox needs namespaces; start it without one, or give them back.",
        "RestrictNamespaces=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "SystemCallArchitectures=native",
        "# An error instead of a death: programs try calls that they can do without.",
        "SystemCallFilter=@system-service",
        "SystemCallErrorNumber=EPERM",
        "# No MemoryDenyWriteExecute: just-in-time compilers (.NET, Node.js, Java) write code and run it, Mainstay's own too.",
    ];

    private static readonly string[] SystemOnly =
    [
        "PrivateDevices=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectProc=invisible",
    ];

    public static IEnumerable<string> Lines(UnitSpec spec) => spec.ForUser ? Everywhere : [.. Files(spec), .. Capabilities(spec), .. SystemOnly, .. Everywhere];

    private static IEnumerable<string> Files(UnitSpec spec)
    {
        yield return "# The whole file system is read-only but for what is named here; a folder with - in front may be missing.";
        yield return "ProtectSystem=strict";
        foreach (var folder in spec.Folders)
            yield return $"ReadWritePaths={UnitSyntax.Word(folder)}";
        foreach (var folder in spec.OptionalFolders)
            yield return $"ReadWritePaths={UnitSyntax.Word("-" + folder)}";
        yield return spec.NeedsHomes ? "ProtectHome=read-only" : "ProtectHome=yes";
        if (spec.NeedsTemporaryFolder)
            yield return "# No PrivateTmp: something that is needed lies in a temporary folder, which would look empty.";
        else
            yield return "PrivateTmp=yes";
    }

    private static IEnumerable<string> Capabilities(UnitSpec spec)
    {
        if (!spec.NeedsLowPort)
            return ["CapabilityBoundingSet="];
        return ["# For a port below 1024.", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE"];
    }
}
