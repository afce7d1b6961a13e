using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Installing;

/// <summary>All that a unit depends on.</summary>
/// <param name="Manifest">With its file.</param>
/// <param name="Program">How Mainstay is started.</param>
/// <param name="SearchPath">Absolute folders in which programs are looked for.</param>
/// <param name="EnvironmentFile">Absolute path of a file with further variables, which may be missing.</param>
/// <param name="Account">Who runs it.</param>
/// <param name="ForUser">For the user's own systemd instead of the system's.</param>
internal sealed record UnitSpec(
    ManifestSpec Manifest,
    InstalledProgram Program,
    IReadOnlyList<string> SearchPath,
    string EnvironmentFile,
    Account Account,
    bool ForUser)
{
    /// <summary>Caches and keys that build tools and runtimes keep in the home folder. What is not there is passed over.</summary>
    private static readonly string[] HomeFolders =
        [".aspnet", ".cache", ".cargo", ".dotnet", ".gradle", ".local/share/NuGet", ".m2", ".npm", ".nuget", "go"];

    /// <summary>Where people live.</summary>
    private static readonly string[] Homes = ["/home", "/root", "/run/user"];

    private static readonly string[] TemporaryFolders = ["/tmp", "/var/tmp"];

    /// <summary>Written to by services: the manifest's folder, which holds <c>.mainstay</c>, and folders of services outside of it.</summary>
    public IReadOnlyList<string> Folders =>
    [
        Manifest.Directory,
        .. Manifest.Services.Where(service => !service.IsExternal).Select(service => service.Directory)
            .Where(folder => !IsWithin(folder, Manifest.Directory)).Distinct(),
    ];

    /// <summary>Written to if they are there.</summary>
    public IReadOnlyList<string> OptionalFolders
    {
        get
        {
            List<string> folders = Program.Writable is { } own ? [own] : [];
            if (Account.Home.Length > 1)
                folders.AddRange(HomeFolders.Select(name => Path.Combine(Account.Home, name)));
            return folders;
        }
    }

    /// <summary>Something that is needed lies where people live: home folders cannot be hidden, only made read-only.</summary>
    public bool NeedsHomes => Needed.Any(IsInHomes);

    public bool NeedsTemporaryFolder => Needed.Any(path => TemporaryFolders.Any(folder => IsWithin(path, folder)));

    /// <summary>Ports that only root, or the capability, may listen on.</summary>
    public bool NeedsLowPort => Manifest.Edge.Listen.Any(listen => listen.Port is > 0 and < 1024);

    /// <summary>Below the folders where people's homes are.</summary>
    public static bool IsInHomes(string path) => Homes.Any(home => IsWithin(path, home));

    public static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private IEnumerable<string> Needed => [.. Folders, Account.Home, .. Program.Words.Where(Path.IsPathRooted), .. SearchPath];
}
