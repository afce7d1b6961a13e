using System.Collections.Immutable;

namespace Mainstay.Manifest.Reading;

/// <summary>Collects what is wrong. The same thing at the same place is said once, however often it is read (aliases, defaults).</summary>
internal sealed class FindingList(string file)
{
    /// <summary>A file with more wrong than this is not a manifest; saying all of it helps nobody.</summary>
    private const int Most = 100;

    private readonly HashSet<Finding> _findings = [];
    private int _dropped;

    /// <summary>As findings name it.</summary>
    public string File => file;

    public bool HasErrors { get; private set; }

    /// <summary>No more are taken: searching for remedies is not worth it.</summary>
    public bool IsFull => _findings.Count >= Most;

    public void Error(string message) => Error(default, "", message);

    public void Error(Node node, string message) => Error(node.Position, node.Path, message);

    public void Error(Entry entry, string message) => Error(entry.Position, entry.Path, message);

    public void Error(Position position, string path, string message) => Add(Severity.Error, position, path, message);

    public void Warning(Entry entry, string message) => Add(Severity.Warning, entry.Position, entry.Path, message);

    public void Warning(Node node, string message) => Add(Severity.Warning, node.Position, node.Path, message);

    public ImmutableArray<Finding> ToSorted()
    {
        IEnumerable<Finding> sorted = _findings.OrderBy(f => f.Line).ThenBy(f => f.Column).ThenBy(f => f.Message, StringComparer.Ordinal);
        if (_dropped > 0)
            sorted = sorted.Append(new Finding(Severity.Error, file, 0, 0, "", $"{_dropped} more findings are not shown; mend these first"));
        return [.. sorted];
    }

    private void Add(Severity severity, Position position, string path, string message)
    {
        HasErrors |= severity == Severity.Error;
        var finding = new Finding(severity, file, position.Line, position.Column, path, message);
        if (!IsFull)
            _findings.Add(finding);
        else if (!_findings.Contains(finding))
            _dropped++;
    }
}
