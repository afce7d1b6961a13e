using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.Cli.Tests.Faulting;

/// <summary>The command from the outside.</summary>
public sealed partial class FaultsCommandTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("", "say what to break: --upstream HOST:PORT, such as --upstream 127.0.0.1:5432; or --api")]
    [InlineData("--upstream nonsense", "--upstream 'nonsense' is not HOST:PORT, such as 127.0.0.1:5432")]
    [InlineData("--upstream 192.0.2.1:80", "192.0.2.1:80 is not on this machine; if it may be broken, add --allow-remote")]
    [InlineData("--upstream db.example:80", "db.example:80 is not on this machine; if it may be broken, add --allow-remote")]
    [InlineData("--upstream :1 --listen 99999", "--listen '99999' is not a port from 0 to 65535")]
    [InlineData("--upstream :1 --latency soon", "--latency 'soon' is not a duration such as 100ms, 30s or 10m")]
    [InlineData("--upstream :1 --jitter 1s", "--jitter goes with --latency")]
    [InlineData("--upstream :1 --bandwidth 10", "--bandwidth '10' is not a size such as 512B, 64KiB or 1MiB")]
    [InlineData("--upstream :1 --fail-ratio 2", "--fail-ratio '2' is not a ratio above 0 and up to 1, such as 0.5")]
    [InlineData("--upstream :1 --status 99", "--status '99' is not a number from 200 to 599")]
    [InlineData("--upstream :1 --delay 1", "--delay '1' is not a duration such as 100ms, 30s or 10m")]
    [InlineData("--upstream :1 --path /a", "--path goes with --status or --delay")]
    [InlineData("--upstream :1 --seed x", "--seed 'x' is not a number from 0 to 18446744073709551615")]
    [InlineData("--upstream :1 --for ever", "--for 'ever' is not a duration such as 100ms, 30s or 10m")]
    [InlineData("--upstream :1 --lease 1m", "--lease goes with --api")]
    [InlineData("--api --latency 1s", "--api takes no --upstream, no --listen and no faults: its clients say what to do")]
    [InlineData("--api x", "--api 'x' is not a port from 0 to 65535")]
    public async Task Wrong_usage_is_one_line_and_exit_code_2(string arguments, string message)
    {
        var outcome = await Running.MainstayAsync("/", ["faults", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((2, $"mainstay: {message}\n", ""), (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        using var taken = Listener();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        foreach (var words in (string[][])[["--upstream", ":1", "--listen", $"{port}"], ["--api", $"{port}"]])
        {
            var outcome = await Running.MainstayAsync("/", ["faults", .. words]);
            Assert.Equal((1, ""), (outcome.Exit, outcome.Out));
            Assert.Matches(@$"^mainstay: cannot listen on 127\.0\.0\.1:{port}[^\n]*; choose another port\n$", outcome.Error);
        }
    }

    [Fact]
    public async Task It_ends_by_itself_after_its_time()
    {
        var outcome = await Running.MainstayAsync("/", "faults", "--upstream", ":1", "--for", "200ms", "--latency", "100ms", "--jitter", "10ms", "--fail-ratio", "0.5");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        var lines = outcome.Out.TrimEnd().Split('\n');
        Assert.Matches(@"^faults \| 127\.0\.0\.1:\d+ → 127\.0\.0\.1:1: latency of 100 ms ± 10 ms, 50% of connections fail; for 0\.2 s$", lines[0].Replace("50 %", "50%"));
        Assert.Equal(["faults | faults lifted", "faults | 0 connections (0 open) · 0 B up · 0 B down"], lines[1..]);
    }

    [Fact]
    public async Task Requests_of_a_path_can_be_delayed()
    {
        var outcome = await Running.MainstayAsync("/", "faults", "--upstream", ":1", "--for", "200ms", "--delay", "2s", "--path", "/v1/");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Matches(@"^faults \| 127\.0\.0\.1:\d+ → 127\.0\.0\.1:1: .*/v1/.*: 2 s later; for 0\.2 s$", outcome.Out.Split('\n')[0]);
    }

    [Fact]
    public async Task It_breaks_what_passes_and_an_interrupt_ends_it_with_the_counters()
    {
        using var upstream = Listener();
        using var program = RunningProgram.Start(
            Running.Program, ["faults", "--upstream", $"127.0.0.1:{((IPEndPoint)upstream.LocalEndPoint!).Port}", "--status", "418", "--path", "/tea"], "/");
        var at = await EndpointAsync(program);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(at);
            await client.GetStream().WriteAsync("GET /tea HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            var buffer = new byte[1000];
            var count = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Soon, TimeProvider.System);
            Assert.StartsWith("HTTP/1.1 418 ", Encoding.ASCII.GetString(buffer, 0, count), StringComparison.Ordinal);
        }
        await Eventually.True(() => program.Output.Any(line => line.Contains("1 connection ", StringComparison.Ordinal)), Soon, "it shows the connection", () => program.Tail);
        program.Signal(Posix.Interrupt);
        Assert.Equal(0, await program.ExitAsync(Soon));
        Assert.Contains("faults | faults lifted", program.Output);
        Assert.Matches(@"^faults \| 1 connection \(0 open\) · 0 B up · \d+ B down · 1 of requests changed", program.Output.Last());
        Assert.Empty(program.Errors);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var late = new TcpClient();
            await late.ConnectAsync(at);
        });
    }

    [Fact]
    public async Task The_API_serves_until_it_is_interrupted()
    {
        using var program = RunningProgram.Start(Running.Program, ["faults", "--api", "0"], "/");
        var at = await EndpointAsync(program);
        using var http = new HttpClient { BaseAddress = new($"http://{at}") };
        Assert.Contains("version", await http.GetStringAsync("/version"), StringComparison.Ordinal);
        using var made = await http.PostAsync("/proxies", new StringContent("""{"name":"db","upstream":"127.0.0.1:1"}"""));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await Eventually.True(() => program.Output.Any(line => DbLine().IsMatch(line)), Soon, "it says what it does", () => program.Tail);
        program.Signal(Posix.Terminate);
        Assert.Equal(0, await program.ExitAsync(Soon));
        Assert.Equal("faults | all proxies ended", program.Output.Last());
    }

    private static Socket Listener()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(16);
        return socket;
    }

    private static async Task<IPEndPoint> EndpointAsync(RunningProgram program)
    {
        Match? match = null;
        await Eventually.True(() => (match = program.Output.Select(line => Endpoint().Match(line)).FirstOrDefault(found => found.Success)) is not null, Soon, "it listens", () => program.Tail);
        return IPEndPoint.Parse(match!.Groups[1].Value);
    }

    [GeneratedRegex(@"(127\.0\.0\.1:\d+)(?: →|; Ctrl-C)")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"^faults \| db: 127\.0\.0\.1:\d+ → 127\.0\.0\.1:1$")]
    private static partial Regex DbLine();
}
