using Mainstay.Contracts.Launching;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>A process that runs on from before.</summary>
internal sealed class FakeKept(FakeProcess process) : IKeptProcess
{
    private int _adopted;

    public string Name => process.Spec.Name;

    public ReadOnlyMemory<byte> Label => process.LastLabel;

    public bool IsAdopted => Volatile.Read(ref _adopted) > 0;

    public IProcess Adopt(IOutputSink output) => Interlocked.Increment(ref _adopted) == 1
        ? process
        : throw new InvalidOperationException($"{Name} was adopted twice");
}
