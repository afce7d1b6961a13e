using Mainstay.Contracts.Launching;

namespace Mainstay.Cli.Proving;

/// <summary>What the laboratory's <c>up</c> prints: the last lines are remembered, and what Mainstay itself says is passed on.</summary>
internal sealed class UpOutput : IOutputSink
{
    private const int Remembered = 30;
    private const string Mainstay = "mainstay | ";

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();

    /// <summary>Any thread; must not block.</summary>
    public Action<string>? Said { get; set; }

    public IReadOnlyList<string> Last
    {
        get
        {
            lock (_lock)
                return [.. _last];
        }
    }

    public void Write(in ProcessLine line)
    {
        lock (_lock)
        {
            _last.Enqueue(line.Text);
            if (_last.Count > Remembered)
                _last.Dequeue();
        }
        if (line.Text.StartsWith(Mainstay, StringComparison.Ordinal))
            Said?.Invoke(line.Text[Mainstay.Length..]);
    }
}
