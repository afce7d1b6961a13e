using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mainstay.Cli.Tests.Loading;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Commands;

/// <summary>The program itself, from the outside.</summary>
public sealed class LoadCommandTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_summary_for_people_follows_a_line_for_each_second()
    {
        await using var server = new AnsweringServer(Ok);
        var outcome = await RunAsync(server, "--rate", "100", "--duration", "2s");
        Assert.Equal(0, outcome.Exit);
        Assert.StartsWith($"GET http://127.0.0.1:{server.Port}/x?y=1\n  due        200 (100/s), sent 200\n  good       200 (100/s)\n  failed     0\n  latency    p50 ", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', outcome.Out + outcome.Error);
        Assert.Matches(@"^    1 s +\d+/s  0 failed  p50 \d", outcome.Error);
    }

    [Fact]
    public async Task One_document_is_all_there_is_on_standard_output()
    {
        await using var server = new AnsweringServer("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        var outcome = await RunAsync(server, "--rate", "50", "--duration", "1s", "--json");
        Assert.Equal(0, outcome.Exit);
        using var report = JsonDocument.Parse(outcome.Out);
        Assert.Equal(50, report.RootElement.GetProperty("due").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("good").GetInt32());
        Assert.Equal("""{"status_503":50}""", report.RootElement.GetProperty("failed").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        Assert.InRange(report.RootElement.GetProperty("latency").GetProperty("p999").GetDouble(), 1e-6, 10);
        Assert.False(report.RootElement.GetProperty("interrupted").GetBoolean());
        Assert.NotEqual(0, report.RootElement.GetProperty("windows").GetArrayLength());
    }

    [Fact]
    public async Task The_request_is_the_one_that_was_written()
    {
        await using var server = new AnsweringServer("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "body.json"), """{"a":1}""");
        var outcome = await RunAsync(
            server, "--rate", "20", "--duration", "0.5s", "--body", "@body.json", "--header", "Content-Type: application/json", "--header", "X-A:b", "--expect", "201");
        Assert.Contains("  good       10 (", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(
            $"POST /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nUser-Agent: mainstay-load\r\nContent-Type: application/json\r\nX-A: b\r\nContent-Length: 7\r\n\r\n" + """{"a":1}""",
            server.First);
    }

    [Fact]
    public async Task Nobody_there_is_one_line_and_wrong_usage()
    {
        int port;
        await using (var server = new AnsweringServer(Ok))
            port = server.Port;
        foreach (var host in (string[])["127.0.0.1", "localhost", "shop.localhost"])
        {
            var outcome = await Running.MainstayAsync(_folder.Path, "load", $"{host}:{port}");
            Assert.Equal(
                (2, "", $"mainstay: nothing accepts connections at 127.0.0.1:{port} (connection refused): nothing was sent; start the server, or mend the URL\n"),
                (outcome.Exit, outcome.Out, outcome.Error));
        }
    }

    [Fact]
    public async Task Somebody_who_goes_away_meanwhile_is_a_result()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var running = Running.MainstayAsync(_folder.Path, "load", $"{listener.LocalEndPoint}", "--rate", "20", "--duration", "0.5s", "--json");
        // The first connection asks whether somebody is there.
        using (await listener.AcceptAsync())
            listener.Close();
        var outcome = await running;
        Assert.Equal(0, outcome.Exit);
        using var report = JsonDocument.Parse(outcome.Out);
        Assert.Equal(10, report.RootElement.GetProperty("failed").GetProperty("refused").GetInt32());
    }

    [Theory]
    [InlineData("GE T", "'GE T' cannot be sent as a method")]
    [InlineData("", "'' cannot be sent as a method")]
    public async Task A_request_that_cannot_be_sent_is_wrong_usage(string method, string reason)
    {
        await using var server = new AnsweringServer(Ok);
        var outcome = await RunAsync(server, "--method", method);
        Assert.Equal((2, "", $"mainstay: {reason}\n"), (outcome.Exit, outcome.Out, outcome.Error));
    }

    [Fact]
    public async Task An_interruption_ends_it_early_with_the_summary()
    {
        await using var server = new AnsweringServer(Ok);
        using var process = Process.Start(new ProcessStartInfo(Running.Program, ["load", $"127.0.0.1:{server.Port}", "--rate", "100", "--duration", "10m"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var firstSecond = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.StartsWith("    1 s", firstSecond, StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("(interrupted)\n  due        ", output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(AnsweringServer server, params string[] options) =>
        Running.MainstayAsync(_folder.Path, ["load", $"http://127.0.0.1:{server.Port}/x?y=1", .. options]);
}
