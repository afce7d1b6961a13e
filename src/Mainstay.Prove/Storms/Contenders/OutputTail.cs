using Mainstay.Contracts.Launching;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>The last lines that something wrote, in case it is asked why it did not work.</summary>
internal sealed class OutputTail : IOutputSink
{
    private const int Remembered = 15;

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
            if (_lines.Count > Remembered)
                _lines.Dequeue();
        }
    }
}
