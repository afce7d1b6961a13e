using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class ReplayableBodyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_reader_begins_at_the_first_byte()
    {
        var (body, client) = New();
        await client.WriteAsync("hello "u8.ToArray());
        var first = await body.OpenAsync();
        var read = await first.ReadAsync();
        Assert.Equal("hello ", Text(read));
        first.AdvanceTo(read.Buffer.End);
        await client.WriteAsync("world"u8.ToArray());
        await client.CompleteAsync();
        var second = await body.OpenAsync();
        Assert.Equal("hello world", await ReplicaInMemory.ReadAsync(second, default).WaitAsync(Soon));
        Assert.True(body.CanReplay);
        Assert.Equal("hello world", await ReplicaInMemory.ReadAsync(await body.OpenAsync(), default).WaitAsync(Soon));
        await Assert.ThrowsAsync<OperationCanceledException>(() => first.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Bytes_that_were_there_are_seen_again_before_the_client_sends_more()
    {
        var (body, client) = New();
        await client.WriteAsync("hello"u8.ToArray());
        var first = await body.OpenAsync();
        var read = await first.ReadAsync();
        first.AdvanceTo(read.Buffer.End);
        using var cancel = new CancellationTokenSource();
        var pending = first.ReadAsync(cancel.Token).AsTask();
        Assert.False(pending.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending).WaitAsync(Soon);
        var second = await body.OpenAsync();
        Assert.Equal("hello", Text(await second.ReadAsync().AsTask().WaitAsync(Soon)));
    }

    [Fact]
    public async Task A_reader_left_pending_does_not_stand_in_the_way()
    {
        var (body, client) = New();
        await client.WriteAsync("abc"u8.ToArray());
        var first = await body.OpenAsync();
        var read = await first.ReadAsync();
        first.AdvanceTo(read.Buffer.End);
        var pending = first.ReadAsync(CancellationToken.None).AsTask();
        var second = await body.OpenAsync().AsTask().WaitAsync(Soon);
        await client.WriteAsync("def"u8.ToArray());
        await client.CompleteAsync();
        Assert.Equal("abcdef", await ReplicaInMemory.ReadAsync(second, default).WaitAsync(Soon));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending).WaitAsync(Soon);
    }

    [Fact]
    public async Task Beyond_its_limit_the_body_is_let_go()
    {
        var (body, client) = New();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await client.WriteAsync(new byte[1024]);
            await client.CompleteAsync();
        });
        Assert.Equal(200 * 1024, (await ReplicaInMemory.ReadAsync(await body.OpenAsync(), default).WaitAsync(Soon)).Length);
        Assert.False(body.CanReplay);
        await sending.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_request_with_a_body_is_repeated_with_all_of_it()
    {
        await using var bench = new ForwardingBench();
        var bodies = new List<string>();
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            bodies.Add(await ReplicaInMemory.ReadAsync(attempt.Body!, cancel));
            await (bodies.Count == 1 ? ReplicaInMemory.Fail(attempt, AttemptFailure.Unanswered, sent: true) : ReplicaInMemory.Answer(attempt, 200, "ok"));
        }
        bench.Admit(1, new ReplicaInMemory(Script));
        bench.Admit(2, new ReplicaInMemory(Script));
        var text = new string('x', 10_240);
        var exchange = bench.Request("PUT", hasBody: true);
        await exchange.ClientBody.WriteAsync(Encoding.ASCII.GetBytes(text));
        await exchange.ClientBody.CompleteAsync();
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.Equal(200, exchange.Answer.Status);
        Assert.Equal([text, text], bodies);
    }

    [Fact]
    public async Task A_body_too_long_to_keep_is_not_sent_twice()
    {
        await using var bench = new ForwardingBench();
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            await ReplicaInMemory.Fail(attempt, AttemptFailure.Unanswered, sent: true);
        }
        var one = bench.Admit(1, new ReplicaInMemory(Script));
        var two = bench.Admit(2, new ReplicaInMemory(Script));
        var exchange = bench.Request("PUT", hasBody: true);
        var sending = bench.SendAsync(exchange);
        for (var i = 0; i < 70; i++)
            await exchange.ClientBody.WriteAsync(new byte[1024]);
        await exchange.ClientBody.CompleteAsync();
        await sending.WaitAsync(Soon);
        Assert.Equal((502, 1), (exchange.Answer.Status, one.Attempts + two.Attempts));
    }

    [Fact]
    public async Task Nobody_reads_the_client_s_body_before_the_upstream_wants_it()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("no need", 417));
        var exchange = bench.Request("PUT", hasBody: true);
        exchange.Request.Headers.Add(HeaderId.Expect, "100-continue"u8);
        await exchange.ClientBody.WriteAsync("unread"u8.ToArray());
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.True(exchange.RequestBody.TryRead(out var left));
        Assert.Equal("unread", Text(left));
    }

    [Fact]
    public async Task A_whole_body_can_be_read_twice_at_once()
    {
        var (body, client) = New();
        await client.WriteAsync("hello"u8.ToArray());
        var first = await body.OpenAsync();
        Assert.False(body.TryOpenBeside(out _)); // nobody knows yet whether more comes
        var read = await first.ReadAsync();
        first.AdvanceTo(read.Buffer.GetPosition(2), read.Buffer.End);
        Assert.False(body.TryOpenBeside(out _));
        await client.CompleteAsync();
        read = await first.ReadAsync();
        first.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        Assert.True(body.TryOpenBeside(out var second));
        Assert.Equal("llo", await ReplicaInMemory.ReadAsync(first, default).WaitAsync(Soon));
        Assert.Equal("hello", await ReplicaInMemory.ReadAsync(second, default).WaitAsync(Soon));
        Assert.Equal("hello", await ReplicaInMemory.ReadAsync(await body.OpenAsync(), default).WaitAsync(Soon));
        body.Release();
        Assert.False(body.TryOpenBeside(out _));
    }

    private static (ReplayableBody Body, PipeWriter Client) New()
    {
        var pipe = new Pipe();
        var body = new ReplayableBody(TimeProvider.System, () => { });
        body.Begin(pipe.Reader);
        return (body, pipe.Writer);
    }

    private static string Text(ReadResult read) => Encoding.ASCII.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer));
}
