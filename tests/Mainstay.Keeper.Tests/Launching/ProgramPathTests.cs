using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;

namespace Mainstay.Keeper.Tests.Launching;

public sealed class ProgramPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Finds_a_name_in_the_given_path_and_skips_what_cannot_run()
    {
        Write("a/tool", "#!/bin/sh\n", executable: false);
        var expected = Write("b/tool", "#!/bin/sh\n", executable: true);
        Assert.Equal(expected, Resolve("tool", "a:b"));
        Assert.Equal(expected, Resolve("./b/tool", ""));
    }

    [Fact]
    public void Says_in_one_line_why_a_program_cannot_run()
    {
        var plain = Write("plain", "text", executable: false);
        var orphan = Write("orphan", "#!/no/such/interpreter -x\n", executable: true);
        var windows = Write("windows", "#!/bin/sh\r\n", executable: true);
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));

        Assert.Equal("command not found: nodee (web-1): the PATH has no such program; check the spelling, or install it", Problem("nodee"));
        Assert.Equal($"command not found: plain (web-1): the PATH has no such program; to run the file in {_folder} write ./plain", Problem("plain"));
        Assert.Equal($"command not found: ./nodee (web-1): there is no file {_folder}/nodee", Problem("./nodee"));
        Assert.Equal($"not executable: {plain} (web-1): allow it with chmod +x", Problem("./plain"));
        Assert.Equal($"not executable: {_folder}/folder (web-1): it is a directory", Problem("./folder"));
        Assert.Equal($"cannot run {orphan} (web-1): its first line names /no/such/interpreter, which does not exist", Problem("./orphan"));
        Assert.Contains("Windows line endings", Problem("./windows"));
        Assert.Equal("web-1 has an empty command", Problem(""));
        Assert.Equal("the command of web-1 contains a NUL character", Problem("a\0b"));
        Assert.Equal("directory /no/such/place does not exist (web-1)", Problem("sh", "/no/such/place"));
        Assert.Equal($"{plain} is a file, not a directory (web-1)", Problem("sh", plain));
    }

    private string Write(string name, string text, bool executable)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private string Resolve(string program, string path, string? directory = null) => ProgramPath.Resolve(
        new LaunchSpec("web-1", [program], directory ?? _folder, new Dictionary<string, string> { ["PATH"] = path }));

    private string Problem(string program, string? directory = null) =>
        Assert.Throws<LaunchException>(() => Resolve(program, "/usr/bin:/bin", directory)).Message;
}
