using Mainstay.Contracts.Launching;

namespace Mainstay.Keeper.Output;

/// <summary>Cuts a stream into lines in the process that reads it.</summary>
internal sealed class LocalLines(string source, bool isError, IOutputSink sink, TimeProvider time, Action<string> warn) : IOutputTarget
{
    private readonly OutputLines _lines = new(source, isError, sink, stream: 0, start: 0, warn);

    public bool HasRoom => true;

    public void Feed(ReadOnlySpan<byte> bytes) => _lines.Feed(bytes, time.GetUtcNow());

    public void End() => _lines.Flush(time.GetUtcNow());
}
