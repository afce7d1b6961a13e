using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Http2;
using Mainstay.Edge.Tests.Forwarding.Http1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Tests.Forwarding.Http2;

public sealed class Http2ClientTests
{
    private static async Task<(WebApplication App, Http2Client Client)> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return (app, new Http2Client(new IPEndPoint(IPAddress.Loopback, address.Port), "app.test", Http2Options.Default));
    }

    [Fact]
    public async Task A_request_and_its_answer_pass_unchanged()
    {
        string seen = "";
        var (app, client) = await StartAsync(async context =>
        {
            var request = context.Request;
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            seen = $"{request.Protocol} {request.Method} {target} {request.Host} {request.Headers["X-A"]} {request.Headers.TE} {request.Headers.Connection}";
            context.Response.Headers.Append("X-B", "1");
            context.Response.Headers.Append("X-B", "2");
            context.Response.Headers["Set-Cookie"] = "a=b";
            await context.Response.WriteAsync("hi");
        });
        await using var running = app;
        await using var owned = client;
        var exchanged = await client.ExchangeAsync(Exchanging.Request("GET", "/a/../b%2Fc?d=%41", ("X-A", "y"), ("TE", "trailers"), ("Connection", "close")));
        Assert.Equal("HTTP/2 GET /a/../b%2Fc?d=%41 app.test y trailers ", seen);
        Assert.Equal((AttemptFailure.None, 200, "hi", true), (exchanged.Failure, exchanged.Status, exchanged.Body, exchanged.BodyComplete));
        Assert.Contains("X-B: 1|X-B: 2", exchanged.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Set-Cookie: a=b", exchanged.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.True(exchanged.Attempt.Sent && exchanged.Attempt.Answered);
    }

    [Fact]
    public async Task Bodies_stream_both_ways_and_trailers_follow()
    {
        var (app, client) = await StartAsync(async context =>
        {
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.FlushAsync();
            var buffer = new byte[100];
            for (int count; (count = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
                await context.Response.Body.FlushAsync();
            }
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await using var running = app;
        await using var owned = client;
        var pipe = new Pipe();
        var attempt = new Attempt { Request = Exchanging.Request("POST"), Body = pipe.Reader };
        await client.SendAsync(attempt, CancellationToken.None).AsTask().WaitAsync(Exchanging.Deadline);
        Assert.Equal((AttemptFailure.None, null), (attempt.Failure, attempt.Detail));
        for (var i = 0; i < 3; i++)
        {
            await pipe.Writer.WriteAsync("ping"u8.ToArray());
            Assert.Equal(4, (await attempt.AnswerBody!.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Exchanging.Deadline)).Length);
        }
        await pipe.Writer.CompleteAsync();
        var exchanged = await attempt.FinishAsync();
        Assert.Equal(("", true, "grpc-status: 0"), (exchanged.Body, exchanged.BodyComplete, exchanged.Trailers));
    }

    [Fact]
    public async Task A_reset_answer_is_seen_as_broken_and_the_clients_fault_as_the_clients()
    {
        var (app, client) = await StartAsync(async context =>
        {
            if (context.Request.Path == "/break")
            {
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }
            if (context.Request.Path == "/abort")
                context.Abort();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var running = app;
        await using var owned = client;
        var broken = await client.ExchangeAsync(Exchanging.Request("GET", "/break"));
        Assert.False(broken.BodyComplete);
        var aborted = await client.ExchangeAsync(Exchanging.Request("GET", "/abort"));
        Assert.Equal((AttemptFailure.Unanswered, true), (aborted.Failure, aborted.Attempt.Sent));
        var request = Exchanging.Request("POST");
        request.ContentLength = 9;
        Assert.Equal(AttemptFailure.ClientBody, (await client.ExchangeAsync(request, Exchanging.Body("short"))).Failure);
    }

    [Fact]
    public async Task Cancelling_leaves_nobody_reading_the_body()
    {
        var (app, client) = await StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var running = app;
        await using var owned = client;
        using var cancel = new CancellationTokenSource();
        var pipe = new Pipe();
        var attempt = new Attempt { Request = Exchanging.Request("POST"), Body = pipe.Reader };
        var sending = client.SendAsync(attempt, cancel.Token).AsTask();
        await Exchanging.UntilAsync(() => attempt.Sent);
        await cancel.CancelAsync();
        await sending.WaitAsync(Exchanging.Deadline);
        Assert.Equal(AttemptFailure.Cancelled, attempt.Failure);
        await pipe.Writer.WriteAsync("x"u8.ToArray());
        Assert.True(pipe.Reader.TryRead(out var rest) && rest.Buffer.Length == 1);
    }

    [Fact]
    public async Task A_retired_client_finishes_what_is_under_way()
    {
        var (app, client) = await StartAsync(context => context.Response.WriteAsync("hi"));
        await using var running = app;
        var attempt = new Attempt { Request = Exchanging.Request() };
        await client.SendAsync(attempt, CancellationToken.None);
        client.Retire();
        Assert.Equal("hi", (await attempt.FinishAsync()).Body);
        Assert.Equal((AttemptFailure.Unconnected, false), ((await client.ExchangeAsync()).Failure, attempt.Failure != AttemptFailure.None));
        client.Retire();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_refused_connection_is_a_value()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = new Http2Client(unused.LocalEndPoint!, "app.test", Http2Options.Default);
        var exchanged = await client.ExchangeAsync();
        Assert.Equal((AttemptFailure.Unconnected, false, "connection refused"), (exchanged.Failure, exchanged.Attempt.Sent, exchanged.Attempt.Detail));
    }

    [Fact]
    public async Task An_upstream_that_speaks_no_http2_gives_a_failure()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });
        await using var client = new Http2Client(upstream.EndPoint, "app.test", Http2Options.Default);
        Assert.NotEqual(AttemptFailure.None, (await client.ExchangeAsync()).Failure);
        Assert.Equal(1, upstream.Connections);
    }

    /// <summary>Frames by hand: how often does a request's head reach an upstream that refuses it?</summary>
    [Theory]
    [InlineData("goaway", false)]
    [InlineData("refused", false)]
    [InlineData("internal", true)]
    [InlineData("close", true)]
    public async Task A_request_reaches_the_upstream_once_whatever_becomes_of_it(string how, bool mayHaveActed)
    {
        var heads = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadAsync(24);
            await connection.SendAsync(Frame(4, 0, 0));
            while (true)
            {
                var head = await connection.ReadAsync(9);
                await connection.ReadAsync((head[0] << 16) | (head[1] << 8) | head[2]);
                if (head[3] == 4 && head[4] == 0)
                    await connection.SendAsync(Frame(4, 1, 0));
                if (head[3] != 1)
                    continue;
                Interlocked.Increment(ref heads);
                var stream = head[8];
                if (how == "close")
                    return;
                await connection.SendAsync(how switch
                {
                    "goaway" => Frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    "refused" => Frame(3, 0, stream, 0, 0, 0, 7),
                    _ => Frame(3, 0, stream, 0, 0, 0, 2),
                });
            }
        });
        await using var client = new Http2Client(upstream.EndPoint, "app.test", Http2Options.Default);
        foreach (var method in new[] { "GET", "POST" })
        {
            heads = 0;
            var exchanged = await client.ExchangeAsync(Exchanging.Request(method));
            Assert.Equal((AttemptFailure.Unanswered, mayHaveActed, 1), (exchanged.Failure, exchanged.Attempt.Sent, heads));
        }
    }

    private static byte[] Frame(byte type, byte flags, int stream, params byte[] payload) =>
        [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload];
}
