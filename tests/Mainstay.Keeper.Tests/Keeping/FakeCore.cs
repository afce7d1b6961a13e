using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>A core without a process: what the keeper says to it can be read.</summary>
internal sealed class FakeCore : IDisposable
{
    /// <summary>No process has this number, so that nobody is hit by a kill.</summary>
    private const int Nobody = int.MaxValue;

    private readonly MessageChannel _theirs;

    public FakeCore()
    {
        var (ours, theirs) = MessageChannel.CreatePair();
        _theirs = new(theirs);
        Core = new(new ChildProcess(Nobody, leadsGroup: false), ours, ["program"]);
    }

    public Core Core { get; }

    /// <summary>The next message; there must be one.</summary>
    public Message Hear() => _theirs.Receive() ?? throw new InvalidOperationException("nothing more was said");

    /// <summary>Everything that was said and not heard yet; nothing can be said after that.</summary>
    public MessageKind[] HearAll()
    {
        Core.Dispose();
        var kinds = new List<MessageKind>();
        while (_theirs.Receive() is { } message)
        {
            message.CloseDescriptors();
            kinds.Add(message.Kind);
        }

        return [.. kinds];
    }

    /// <summary>It reads nothing more.</summary>
    public void Die() => _theirs.Dispose();

    public void Dispose()
    {
        _theirs.Dispose();
        Core.Dispose();
    }
}
