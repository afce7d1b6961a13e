using System.Diagnostics;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Tests.Values;

public sealed class FallbackFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string File => Path.Combine(_folder.FullName, "sorry");

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(FallbackSpec.MostBytes)]
    public void A_file_up_to_its_limit_is_read_whole(long length)
    {
        System.IO.File.WriteAllBytes(File, new byte[length]);
        Assert.Null(FallbackFile.Problem(File));
        Assert.Equal(length, FallbackFile.Read(File).LongLength);
    }

    [Fact]
    public void One_that_is_too_large_is_named()
    {
        System.IO.File.WriteAllBytes(File, new byte[FallbackSpec.MostBytes + 1]);
        Assert.Equal("is larger than 1MiB; a fallback is kept in memory: make it smaller", FallbackFile.Problem(File));
        Assert.Throws<InvalidDataException>(() => FallbackFile.Read(File));
    }

    [Fact]
    public void A_pipe_is_refused_at_once_although_nobody_writes_to_it()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("only Linux tells what a file is");
        using (var mkfifo = Process.Start("mkfifo", [File]))
            mkfifo.WaitForExit();
        Assert.Equal("is no regular file but a pipe, a socket or a device; name a file", FallbackFile.Problem(File));
        Assert.Throws<IOException>(() => FallbackFile.Read(File));
    }

    [Theory]
    [InlineData("/dev/zero", "is no regular file")]
    [InlineData("/dev/null", "is no regular file")]
    [InlineData("/tmp", "is a folder")]
    [InlineData("/nowhere/sorry", "there is no file /nowhere/sorry")]
    public void So_is_whatever_else_is_no_file(string path, string problem)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("only Linux tells what a file is");
        Assert.StartsWith(problem, FallbackFile.Problem(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_one()
    {
        System.IO.File.WriteAllText(File, "hello");
        var link = Path.Combine(_folder.FullName, "link");
        System.IO.File.CreateSymbolicLink(link, File);
        Assert.Null(FallbackFile.Problem(link));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
