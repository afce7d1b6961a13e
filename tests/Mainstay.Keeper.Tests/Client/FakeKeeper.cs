using System.Collections.Concurrent;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Client;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Platform;
using Mainstay.Keeper.Tests.Launching;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Client;

/// <summary>The other end of a core's link: a keeper that does what a test says, with processes that are none.</summary>
internal sealed class FakeKeeper : IKeeperWishes, IDisposable
{
    private readonly MessageChannel _channel;
    private readonly SafeFileHandle _doorbell = Linux.Doorbell();
    private readonly BlockingCollection<Message> _heard = [];
    private readonly Dictionary<int, OutputRing[]> _output = [];

    public FakeKeeper()
    {
        var (channel, theirs) = MessageChannel.CreatePair();
        _channel = channel;
        Link = new(new(theirs), keeper: 77, Lost.SetResult);
        new Thread(() =>
        {
            while (_channel.Receive() is { } message)
                _heard.Add(message);
        })
        { IsBackground = true }.Start();
    }

    public KeeperLink Link { get; }

    /// <summary>Completes when the core has noticed that the keeper is gone.</summary>
    public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was wished of the core.</summary>
    public BlockingCollection<string> Wished { get; } = [];

    /// <summary>Warnings of the core.</summary>
    public ConcurrentQueue<string> Warned { get; } = new();

    public async Task GreetAsync(bool isSuccessor = false, int stop = 0, bool? isAlone = null)
    {
        Say(MessageKind.Welcome, body =>
        {
            body.Write(isSuccessor);
            body.Write(stop);
            if (isAlone is { } known)
                body.Write(known);
        }, _doorbell);
        await Link.GreetAsync(this, TimeProvider.System, Warned.Enqueue).WaitAsync(Workshop.Deadline);
        Assert.Equal(MessageKind.Hello, Hear().Kind);
    }

    public void Say(MessageKind kind, Action<BinaryWriter> write, params SafeFileHandle[] descriptors) =>
        Assert.True(_channel.TrySend(kind, MessageBody.Of(write), descriptors));

    public void Hold(string key, SafeFileHandle descriptor) => Say(MessageKind.Held, body => body.Write(key), descriptor);

    public void Note(string key, byte[] note) => Say(MessageKind.Noted, body =>
    {
        body.Write(key);
        body.WriteBytes(note);
    });

    /// <summary>Tells of a process that it keeps.</summary>
    public void Keep(int id, string name, byte[] label, ExitStatus? ended = null) => Say(MessageKind.Process, body =>
    {
        body.Write(id);
        body.Write(1000 + id);
        body.Write(name);
        body.WriteBytes(label);
        body.Write(ended is not null);
        body.Write(ended?.Code ?? 0);
        body.Write(ended?.Signal ?? 0);
    }, Files(id));

    public void TakeOver() => Say(MessageKind.TakeOver, _ => { });

    /// <summary>Starts what the core asks for next.</summary>
    public void Launch(int id)
    {
        using var body = Hear(MessageKind.Launch).Read();
        var request = body.ReadInt32();
        Say(MessageKind.Launched, answer =>
        {
            answer.Write(request);
            answer.Write(id);
            answer.Write(1000 + id);
        }, Files(id));
    }

    public void Write(int id, string text) => Rings(id)[0].Feed(System.Text.Encoding.UTF8.GetBytes(text));

    public void End(int id, ExitStatus status) => Say(MessageKind.Exited, body =>
    {
        body.Write(id);
        body.Write(status.Code);
        body.Write(status.Signal);
    });

    public SafeFileHandle FileOf(int id) => Files(id)[0];

    /// <summary>What the core said next.</summary>
    public Message Hear() => _heard.TryTake(out var message, Workshop.Deadline) ? message : throw new TimeoutException("the core said nothing");

    public Message Hear(MessageKind kind)
    {
        var message = Hear();
        Assert.Equal(kind, message.Kind);
        return message;
    }

    public bool HasHeardNothing => _heard.Count == 0;

    public string NextWish() => Wished.TryTake(out var wish, Workshop.Deadline) ? wish : throw new TimeoutException("nothing was wished");

    /// <summary>It is killed.</summary>
    public void Die() => _channel.Close();

    public void Dispose()
    {
        _channel.Close();
        foreach (var ring in _output.Values.SelectMany(rings => rings))
            ring.Dispose();
    }

    void IKeeperWishes.Stop(int signal) => Wished.Add($"stop {signal}");

    void IKeeperWishes.HandOver() => Wished.Add("hand over");

    void IKeeperWishes.TakeOver() => Wished.Add("take over");

    void IKeeperWishes.Leave() => Wished.Add("leave");

    void IKeeperWishes.BecomeAlone() => Wished.Add("alone");

    void IKeeperWishes.UpgradeFailed(string why) => Wished.Add($"failed: {why}");

    private SafeFileHandle[] Files(int id) => [.. Rings(id).Select(ring => ring.File)];

    private OutputRing[] Rings(int id)
    {
        lock (_output)
        {
            if (!_output.TryGetValue(id, out var rings))
            {
                var present = new ReaderPresence { IsPresent = true };
                _output[id] = rings = [new(present, _doorbell, TimeProvider.System), new(present, _doorbell, TimeProvider.System)];
            }

            return rings;
        }
    }
}
