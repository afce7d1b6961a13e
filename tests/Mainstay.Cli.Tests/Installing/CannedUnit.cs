using Mainstay.Cli.Installing;
using Mainstay.Cli.Tests.State;
using Mainstay.Manifest;

namespace Mainstay.Cli.Tests.Installing;

/// <summary>Units for manifests of a test. The manifest is read from a temporary folder and then said to lie in <c>/srv/shop</c>.</summary>
internal static class CannedUnit
{
    public static Account Shop { get; } = new("shop", 990, "/var/lib/shop");

    public static InstalledProgram Program { get; } = new(["/usr/bin/mainstay"], [], null);

    public static UnitSpec Spec(string manifest, string directory = "/srv/shop", Account? account = null, InstalledProgram? program = null, bool forUser = false)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "mainstay.yaml");
        File.WriteAllText(file, manifest);
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub"));
        var read = ManifestReader.Read(file, _ => null);
        Assert.True(read.Manifest is not null, string.Join('\n', read.Findings));
        var moved = read.Manifest with
        {
            Directory = directory,
            File = directory + "/mainstay.yaml",
            Services = [.. read.Manifest.Services.Select(service => service with { Directory = service.Directory.Replace(folder.Path, directory, StringComparison.Ordinal) })],
        };
        return new(moved, program ?? Program, ["/usr/local/bin", "/usr/bin"], "/etc/mainstay/shop.env", account ?? Shop, forUser);
    }

    /// <summary>The lines of its unit.</summary>
    public static string[] Lines(string manifest, string directory = "/srv/shop", Account? account = null, InstalledProgram? program = null, bool forUser = false) =>
        SystemdUnit.Text(Spec(manifest, directory, account, program, forUser)).Split('\n');
}
