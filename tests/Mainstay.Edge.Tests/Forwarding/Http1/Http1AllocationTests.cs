using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

/// <summary>Counts for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(Http1AllocationTests), DisableParallelization = true)]
[Collection(nameof(Http1AllocationTests))]
public sealed class Http1AllocationTests
{
#if DEBUG
    /// <summary>A debug build makes an object of every asynchronous call.</summary>
    private const int Allowed = 1024;
#else
    private const int Allowed = 8;
#endif

    [Fact]
    public async Task A_request_on_a_kept_connection_allocates_nothing() =>
        // Away from the test runner's synchronisation context, which allocates for every await that comes back to it.
        await Task.Run(MeasureAsync);

    private static async Task MeasureAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var serving = new Thread(() => Serve(listener)) { IsBackground = true };
        serving.Start();
        await using var client = Exchanging.Client(listener.LocalEndPoint!);
        using var cancel = new CancellationTokenSource(Exchanging.Deadline);
        var attempt = new Attempt { Request = Exchanging.Request("GET", "/", ("User-Agent", "x"), ("Accept", "*/*")) };

        const int Requests = 200;
        await RunAsync(client, attempt, 4000, cancel.Token);
        // Compiling in tiers allocates as well, and pooled state machines are missed where threads change hands:
        // the best of many short rounds is what the requests need.
        var least = long.MaxValue;
        for (var round = 0; round < 100 && least / Requests >= Allowed; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(client, attempt, Requests, cancel.Token);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.True(least / Requests < Allowed, $"{least} bytes for {Requests} requests");
    }

    private static async Task RunAsync(Http1Client client, Attempt attempt, int count, CancellationToken cancel)
    {
        for (var i = 0; i < count; i++)
        {
            attempt.AnswerBody = null;
            await client.SendAsync(attempt, cancel);
            // Assert.Equal would allocate.
            if (attempt.Failure != AttemptFailure.None)
                Assert.Fail(attempt.Detail ?? "failed");
            while (!(await attempt.AnswerBody!.ReadAsync(cancel)).IsEmpty)
            {
            }
            await attempt.DisposeAsync();
        }
    }

    /// <summary>Answers on one connection, without allocating either.</summary>
    private static void Serve(Socket listener)
    {
        using var socket = listener.Accept();
        socket.NoDelay = true;
        var buffer = new byte[4096];
        var answer = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
        while (socket.Receive(buffer, SocketFlags.None, out _) > 0)
            socket.Send(answer, 0, answer.Length, SocketFlags.None, out _);
    }
}
