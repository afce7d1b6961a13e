using System.Net.Sockets;
using Mainstay.Contracts.Processes;

namespace Mainstay.Supervisor.Tests.Launching;

public sealed class OwnShortageTests
{
    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, true)]
    [InlineData(SocketError.NoBufferSpaceAvailable, true)]
    [InlineData(SocketError.ConnectionRefused, false)]
    [InlineData(SocketError.TimedOut, false)]
    public void A_socket_says_whose_fault_it_is(SocketError error, bool ours)
    {
        Assert.Equal(ours, OwnShortage.Is(error));
        Assert.Equal(ours, OwnShortage.Is(new HttpRequestException("no connection", new IOException("no stream", new SocketException((int)error)))));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(23, true)]
    [InlineData(2, false)]
    [InlineData(28, false)]
    public void A_file_says_it_by_its_error_number(int errno, bool ours) => Assert.Equal(ours, OwnShortage.Is(new IOException("failed", errno)));

    [Fact]
    public void The_error_number_is_what_the_runtime_really_gives()
    {
        var folder = Directory.CreateTempSubdirectory("mainstay-loop-").FullName;
        try
        {
            File.CreateSymbolicLink($"{folder}/loop", $"{folder}/loop");
            var failure = Assert.ThrowsAny<IOException>(() => File.OpenHandle($"{folder}/loop"));
            Assert.Equal(OperatingSystem.IsLinux() ? 40 : 62, failure.HResult); // ELOOP
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
