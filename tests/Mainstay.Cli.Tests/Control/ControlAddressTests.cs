using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Control;

public sealed class ControlAddressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_short_path_is_used_as_it_is()
    {
        var path = ControlAddress.Prepare(_folder.Path, _ => null);
        Assert.Equal(Path.Combine(_folder.Path, "control.sock"), path);
        Assert.Null(ControlAddress.Find(_folder.Path));
        File.WriteAllText(path, "");
        Assert.Equal(path, ControlAddress.Find(_folder.Path));
    }

    [Fact]
    public void A_path_too_long_for_a_socket_leads_to_the_runtime_directory()
    {
        var state = Path.Combine(_folder.Path, new string('x', 100), ".mainstay");
        Directory.CreateDirectory(state);
        var path = ControlAddress.Prepare(state, name => name == "XDG_RUNTIME_DIR" ? _folder.Path : null);
        Assert.StartsWith(Path.Combine(_folder.Path, "mainstay") + "/", path, StringComparison.Ordinal);
        Assert.Equal(StateFolder.OwnerOnly, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        File.WriteAllText(path, "");
        Assert.Equal(path, ControlAddress.Find(state));
    }

    [Fact]
    public void A_link_in_the_place_of_our_folder_is_refused()
    {
        var state = Path.Combine(_folder.Path, new string('x', 100), ".mainstay");
        Directory.CreateDirectory(state);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "mainstay"), "/tmp");
        var failure = Assert.Throws<CommandFailure>(() => ControlAddress.Prepare(state, _ => _folder.Path));
        Assert.Contains("belongs to someone else", failure.Message, StringComparison.Ordinal);
    }
}
