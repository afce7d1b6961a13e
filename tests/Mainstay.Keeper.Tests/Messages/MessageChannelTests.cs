using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Tests.Launching;

namespace Mainstay.Keeper.Tests.Messages;

[Collection(Alone.Name)]
public sealed class MessageChannelTests
{
    [Fact]
    public void A_message_arrives_as_it_was_sent()
    {
        var (one, other) = Channels();
        using (one)
        using (other)
        {
            Assert.True(one.TrySend(MessageKind.Note, new byte[] { 1, 2, 3 }));
            var message = other.Receive();
            Assert.Equal((MessageKind.Note, 0), (message!.Kind, message.Descriptors.Length));
            Assert.Equal([1, 2, 3], message.Body);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(MessageChannel.MostDescriptors)]
    public void Descriptors_arrive_with_their_message_in_order(int count)
    {
        var (one, other) = Channels();
        using (one)
        using (other)
        {
            var witnesses = Enumerable.Range(0, count).Select(_ => new Witness()).ToArray();
            Assert.True(one.TrySend(MessageKind.Serving, MessageBody.Empty));
            Assert.True(one.TrySend(MessageKind.Hold, MessageBody.Of("key"), [.. witnesses.Select(witness => witness.Passed)]));
            Assert.Empty(other.Receive()!.Descriptors);
            var message = other.Receive()!;
            Assert.Equal(count, message.Descriptors.Length);
            for (var i = 0; i < count; i++)
                Assert.True(witnesses[i].Is(message.Descriptors[i]));
            message.CloseDescriptors();
            Assert.All(witnesses, witness => Assert.True(witness.IsClosedEverywhere()));
        }
    }

    [Fact]
    public void More_descriptors_than_a_message_carries_are_a_mistake_of_the_sender()
    {
        var (one, other) = Channels();
        using (one)
        using (other)
        using (var witness = new Witness())
        {
            var many = Enumerable.Repeat(witness.Passed, MessageChannel.MostDescriptors + 1).ToArray();
            Assert.Throws<ArgumentOutOfRangeException>(() => one.TrySend(MessageKind.Hold, MessageBody.Empty, many));
            Assert.True(one.TrySend(MessageKind.Alive, MessageBody.Empty));
            Assert.Equal(MessageKind.Alive, other.Receive()!.Kind);
        }
    }

    [Fact]
    public void A_message_in_single_bytes_is_the_same_message()
    {
        var (channel, raw) = RawEnd.Pair();
        using (channel)
        using (raw)
        using (var witness = new Witness())
        {
            byte[] bytes = [.. RawEnd.Head(4, kind: 3, descriptors: 1), 9, 8, 7, 6];
            raw.Send(bytes.AsSpan(0, 1), witness.Passed);
            for (var i = 1; i < bytes.Length; i++)
                raw.Send(bytes.AsSpan(i, 1));
            var message = channel.Receive()!;
            Assert.Equal([9, 8, 7, 6], message.Body);
            Assert.True(witness.Is(Assert.Single(message.Descriptors)));
            message.CloseDescriptors();
        }
    }

    [Fact]
    public void A_descriptor_that_comes_with_the_body_belongs_to_the_message_too()
    {
        var (channel, raw) = RawEnd.Pair();
        using (channel)
        using (raw)
        using (var witness = new Witness())
        {
            raw.Send(RawEnd.Head(1, kind: 3, descriptors: 1));
            raw.Send([5], witness.Passed);
            var message = channel.Receive()!;
            Assert.True(witness.Is(Assert.Single(message.Descriptors)));
            message.CloseDescriptors();
        }
    }

    [Fact]
    public async Task A_body_larger_than_the_sockets_memory_arrives_whole()
    {
        var (one, other) = Channels();
        using (one)
        using (other)
        using (var witness = new Witness())
        {
            var body = new byte[8 << 20];
            new Random(7).NextBytes(body);
            var sending = Task.Run(() => one.TrySend(MessageKind.Note, body, witness.Passed));
            var message = other.Receive()!;
            Assert.True(await sending.WaitAsync(Workshop.Deadline));
            Assert.True(body.AsSpan().SequenceEqual(message.Body));
            Assert.True(witness.Is(Assert.Single(message.Descriptors)));
            message.CloseDescriptors();
        }
    }

    [Fact]
    public async Task Thousands_of_messages_of_several_threads_arrive_whole_and_each_thread_s_in_order()
    {
        const int Threads = 4, Each = 2000;
        var (one, other) = Channels();
        using (one)
        using (other)
        {
            var senders = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Assert.True(one.TrySend(MessageKind.Label, MessageBody.Of(body =>
                    {
                        body.Write(thread);
                        body.Write(i);
                        body.WriteBytes(new byte[i % 300]);
                    })));
                }
            })).ToArray();
            var next = new int[Threads];
            for (var i = 0; i < Threads * Each; i++)
            {
                using var body = other.Receive()!.Read();
                var (thread, number) = (body.ReadInt32(), body.ReadInt32());
                Assert.Equal(next[thread]++, number);
                Assert.Equal(number % 300, body.ReadBytesWithLength().Length);
            }

            await Task.WhenAll(senders).WaitAsync(Workshop.Deadline);
        }
    }

    [Fact]
    public void What_was_queued_before_the_peer_went_still_arrives()
    {
        var (one, other) = Channels();
        using (other)
        {
            for (var i = 0; i < 100; i++)
                Assert.True(one.TrySend(MessageKind.Alive, MessageBody.Of(i)));
            one.Dispose();
            for (var i = 0; i < 100; i++)
            {
                using var body = other.Receive()!.Read();
                Assert.Equal(i, body.ReadInt32());
            }

            Assert.Null(other.Receive());
            Assert.Null(other.Receive());
        }
    }

    [Fact]
    public void Nothing_can_be_sent_to_a_peer_that_has_gone()
    {
        var (one, other) = Channels();
        other.Dispose();
        Assert.False(one.TrySend(MessageKind.Alive, MessageBody.Empty));
        Assert.False(one.TrySend(MessageKind.Alive, MessageBody.Empty));
        one.Dispose();
        Assert.False(one.TrySend(MessageKind.Alive, MessageBody.Empty));
    }

    [Fact]
    public async Task Closing_ends_a_receive_that_waits_and_may_be_done_twice()
    {
        var (one, other) = Channels();
        var waiting = Task.Run(one.Receive);
        one.Close();
        one.Close();
        Assert.Null(await waiting.WaitAsync(Workshop.Deadline));
        Assert.Null(other.Receive());
        one.Dispose();
        one.Dispose();
        one.Close();
        other.Dispose();
    }

    [Fact]
    public async Task A_peer_that_reads_nothing_is_given_up_and_nothing_more_is_sent()
    {
        var (channel, raw) = RawEnd.Pair();
        using (channel)
        using (raw)
        {
            var sending = Task.Run(() =>
            {
                var sent = 0;
                while (channel.TrySend(MessageKind.Note, new byte[256 << 10]))
                    sent++;
                return sent;
            });
            Assert.InRange(await sending.WaitAsync(Workshop.Deadline), 1, 100);
            // It reads again: too late, a message was cut.
            var buffer = new byte[16 << 20];
            _ = raw.Read(buffer);
            Assert.False(channel.TrySend(MessageKind.Alive, MessageBody.Empty));
        }
    }

    private static (MessageChannel One, MessageChannel Other) Channels()
    {
        var (one, theirs) = MessageChannel.CreatePair();
        return (one, new(theirs));
    }
}
