using Mainstay.Contracts.Launching;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>The last lines that something wrote, in case it is asked why it did not work.</summary>
/// <param name="remembered">How many.</param>
internal sealed class OutputTail(int remembered) : IOutputSink
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public void Write(in ProcessLine line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line.Text);
            if (_lines.Count > remembered)
                _lines.Dequeue();
        }
    }
}
