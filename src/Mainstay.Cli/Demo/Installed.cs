namespace Mainstay.Cli.Demo;

/// <summary>Programs of this machine that take part where they are installed; null where they are not.</summary>
internal sealed record Installed(string? Nginx, string? Node, string? Pm2, string? Pm2Runtime)
{
    /// <summary>Servers are often outside of a user's PATH.</summary>
    private static readonly string[] More = ["/usr/sbin", "/usr/local/sbin"];

    public static Installed Here(string? path) => new(Find("nginx", path), Find("node", path), Find("pm2", path), Find("pm2-runtime", path));

    private static string? Find(string program, string? path) => (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(More)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
