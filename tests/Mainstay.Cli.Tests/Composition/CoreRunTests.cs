using System.Net;
using System.Net.Sockets;
using Mainstay.Cli.Composition;
using Mainstay.Cli.Terminal;
using Mainstay.Cli.Tests.Terminal;
using Mainstay.Manifest;

namespace Mainstay.Cli.Tests.Composition;

public sealed class CoreRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_core_that_fails_after_it_took_replicas_over_leaves_them_to_the_next_one()
    {
        var (file, port) = (Path.Combine(_folder, "mainstay.yaml"), FreePort());
        File.WriteAllText(file, $"edge: {{ listen: [\"http://127.0.0.1:{port}\"] }}\nservices: {{ web: {{ command: sleep 60 }} }}\n");
        var manifest = ManifestReader.Read(file, _ => null).Manifest!;
        await using var backing = new FailingBacking(
            $$"""{"Service":"web","Replica":"web-1","Release":1,"Port":{{port + 1}},"Launches":1,"Stage":"Ready"}""");
        using var sink = new FakeSink();
        using var stopping = new Stopping();
        var terminal = new QueuedTerminal(sink, sink, Style.For(redirected: true, _ => null), Style.For(redirected: true, _ => null));
        var run = new CoreRun(backing, terminal, stopping, TimeProvider.System);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => run.GoOnAsync(new(manifest, HasStarted: true)));

        Assert.Equal("composition failed", failed.Message);
        Assert.Empty(backing.Signals);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
