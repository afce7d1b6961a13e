using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Control;

public sealed class ControlAddressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string? Runtime(string name) => name == "XDG_RUNTIME_DIR" ? _folder.Path : null;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_short_path_is_used_as_it_is()
    {
        var path = ControlAddress.Prepare(_folder.Path, _ => null);
        Assert.Equal(Path.Combine(_folder.Path, "control.sock"), path);
        Assert.Empty(ControlAddress.Find(_folder.Path, _ => null));
        File.WriteAllText(path, "");
        Assert.Equal([path], ControlAddress.Find(_folder.Path, _ => null));
    }

    [Fact]
    public void A_path_too_long_for_a_socket_leads_to_the_runtime_directory()
    {
        var state = Path.Combine(_folder.Path, new string('x', 100), ".mainstay");
        Directory.CreateDirectory(state);
        var path = ControlAddress.Prepare(state, Runtime);
        Assert.StartsWith(Path.Combine(_folder.Path, "mainstay") + "/", path, StringComparison.Ordinal);
        Assert.Equal(StateFolder.OwnerOnly, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        File.WriteAllText(path, "");
        Assert.Equal([path], ControlAddress.Find(state, Runtime));
    }

    [Fact]
    public void A_socket_of_another_time_does_not_hide_the_one_in_the_runtime_directory()
    {
        // Made while the folder could not be written: nothing names it.
        File.WriteAllText(Path.Combine(_folder.Path, "control.sock"), "");
        var state = Path.Combine(_folder.Path, new string('x', 100), ".mainstay");
        Directory.CreateDirectory(state);
        var path = ControlAddress.Prepare(state, Runtime);
        File.WriteAllText(path, "");
        File.Delete(Path.Combine(state, "control"));
        Assert.Equal([path], ControlAddress.Find(state, Runtime));
    }

    [Fact]
    public void A_runtime_directory_of_somebody_else_is_not_looked_into()
    {
        var state = Path.Combine(_folder.Path, ".mainstay");
        Directory.CreateDirectory(state);
        // root's: never ours unless we are root, and then it holds no such socket.
        Assert.Empty(ControlAddress.Find(state, _ => "/proc"));
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
