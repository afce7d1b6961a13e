using Mainstay.Contracts.Launching;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Cli.Proving;

/// <summary>What the laboratory's <c>up</c> prints: the last lines are remembered, and what Mainstay itself says is passed on.</summary>
internal sealed class UpOutput : IOutputSink
{
    private const int Remembered = 30;
    private const string Mainstay = "mainstay | ";

    private readonly OutputTail _tail = new(Remembered);

    /// <summary>Any thread; must not block.</summary>
    public Action<string>? Said { get; set; }

    public IReadOnlyList<string> Last => _tail.Lines;

    public void Write(in ProcessLine line)
    {
        _tail.Write(line);
        if (line.Text.StartsWith(Mainstay, StringComparison.Ordinal))
            Said?.Invoke(line.Text[Mainstay.Length..]);
    }
}
