using Mainstay.Supervisor.Launching;

namespace Mainstay.Supervisor.Tests.Launching;

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

    public void Write(string source, string line, bool isError)
    {
        lock (_lines)
            _lines.Add((source, line, isError));
    }
}
