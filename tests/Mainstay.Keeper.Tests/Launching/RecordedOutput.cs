using Mainstay.Contracts.Launching;

namespace Mainstay.Keeper.Tests.Launching;

internal sealed class RecordedOutput : IOutputSink
{
    private readonly List<(string Source, string Line, bool IsError)> _lines = [];

    public (string Source, string Line, bool IsError)[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public string[] Texts => [.. Lines.Select(line => line.Line)];

    public void Write(in ProcessLine line)
    {
        lock (_lines)
            _lines.Add((line.Source, line.Text, line.IsError));
    }
}
