using Mainstay.Cli.Installing;
using Mainstay.Cli.State;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Installing;

public sealed class UnitFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly UnitFile _file;

    public UnitFileTests() => _file = new(Path.Combine(_folder.Path, "user", "mainstay-shop.service"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_written_as_a_whole_and_readable_by_all()
    {
        _file.Write("one");
        _file.Write("two");
        Assert.Equal("two", File.ReadAllText(_file.Path));
        Assert.Equal("-rw-r--r--", Shown(File.GetUnixFileMode(_file.Path)));
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(_file.Path)!));
    }

    [Fact]
    public void A_unit_of_somebody_elses_is_left_alone()
    {
        _file.Write("[Unit]\nDescription=mine\n");
        var refused = Assert.Throws<CommandFailure>(() => _file.CheckOurs("/srv/shop/mainstay.yaml"));
        Assert.Equal((1, $"{_file.Path} exists and was not written by mainstay; it is left as it is: remove it, or give the manifest another 'name'"), (refused.Exit, refused.Message));
    }

    [Fact]
    public void A_unit_of_another_manifest_is_left_alone()
    {
        _file.Write("# Mainstay unit for /srv/other/mainstay.yaml\n[Unit]\n");
        Assert.Contains("/srv/other/mainstay.yaml", Assert.Throws<CommandFailure>(() => _file.CheckOurs("/srv/shop/mainstay.yaml")).Message, StringComparison.Ordinal);
        Assert.True(_file.CheckOurs("/srv/other/mainstay.yaml"));
    }

    [Fact]
    public void Nothing_is_in_nobodys_way() => Assert.False(_file.CheckOurs("/srv/shop/mainstay.yaml"));

    [Fact]
    public void What_cannot_be_written_is_one_line()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        var refused = Assert.Throws<CommandFailure>(() => new UnitFile(Path.Combine(_folder.Path, "file", "x.service")).Write("x"));
        Assert.StartsWith($"cannot write {_folder.Path}/file/x.service: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static string Shown(UnixFileMode mode) =>
        "-" + string.Concat("rwxrwxrwx".Select((letter, place) => ((int)mode & (1 << (8 - place))) != 0 ? letter : '-'));
}
