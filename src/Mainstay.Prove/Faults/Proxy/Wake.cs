using System.Threading.Channels;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>Wakes one waiter; remembered while nobody waits.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    public void Set() => _signal.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync() => _signal.Reader.ReadAsync();
}
