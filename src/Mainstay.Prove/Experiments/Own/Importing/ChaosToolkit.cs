using System.Collections.Immutable;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Prove.Experiments.Own.Importing;

/// <summary>
/// Makes an experiment of a Chaos Toolkit one (JSON or YAML): HTTP probes become requests, actions that end or stop processes become faults, pauses become
/// times. What has no counterpart is refused, so that nothing that was checked before goes unchecked unnoticed.
/// </summary>
internal sealed class ChaosToolkit
{
    private static readonly DocumentKind Kind = new("a Chaos Toolkit experiment", "method: [ … ]", "there is no such file", "is a folder; name the experiment's file");

    private static readonly string[] Known = ["version", "title", "description", "tags", "configuration", "steady-state-hypothesis", "method", "rollbacks"];

    private readonly ManifestSpec _manifest;
    private readonly MappingNode _root;
    private readonly Reader _reader;
    private readonly HttpProbes _probes;
    private readonly List<string> _mapped = [];
    private readonly List<string> _leftOut = [];
    private readonly List<string> _requests = [];
    private readonly List<FaultDraft> _faults = [];
    private TimeSpan _now;

    private ChaosToolkit(ManifestSpec manifest, MappingNode root, Reader reader) =>
        (_manifest, _root, _reader, _probes) = (manifest, root, reader, new(manifest, reader));

    /// <param name="file">The foreign one.</param>
    /// <param name="manifest">What it is to be about.</param>
    /// <param name="builtIn">Names that are taken.</param>
    /// <param name="variables">Of the environment, for its <c>configuration</c>.</param>
    public static Imported Read(string file, ManifestSpec manifest, IReadOnlyCollection<string> builtIn, Func<string, string?> variables)
    {
        var findings = new FindingList(ManifestReader.Display(file));
        // Its ${…} are not ours: they are left as they are, and looked up in its own configuration.
        var root = SourceText.Load(file, findings, Kind) is { } text ? new TreeReader(text, new(name => $"${{{name}}}"), findings, Kind).Read() : null;
        if (root is null)
            return new("", null, [], [], findings.ToSorted());
        var made = new ChaosToolkit(manifest, root, new(root, findings, variables));
        var name = made.NameOf(file);
        var written = made.Make(Path.GetFileName(file));
        if (!findings.HasErrors)
            ExperimentFolder.Check(written, name, manifest, builtIn, findings);
        return new(name, findings.HasErrors ? null : written, [.. made._mapped], [.. made._leftOut], findings.ToSorted());
    }

    /// <summary>The file's; of one that is called like all others, the title's.</summary>
    private string NameOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return Names.ToService(name == "experiment" && _reader.Text(_root, "title") is { } title ? title : name);
    }

    private string Make(string file)
    {
        if (_root.Find("method") is null && _root.Find("steady-state-hypothesis") is null)
            _reader.Findings.Error(_root, "has neither a method nor a steady-state-hypothesis; this is no Chaos Toolkit experiment");
        foreach (var other in _root.Entries.Where(entry => !Known.Contains(entry.Key)))
            _leftOut.Add($"{other.Key}: it has no counterpart");
        foreach (var probe in Reader.List(_root.Find("steady-state-hypothesis")?.Value, "probes").OfType<MappingNode>())
            Add(probe, mustMap: true);
        foreach (var activity in Reader.List(_root, "method").OfType<MappingNode>())
            Follow(activity);
        foreach (var rollback in Reader.List(_root, "rollbacks"))
            _leftOut.Add($"rollback {NameOf(rollback)}: what is broken is mended by itself");
        return Write(file);
    }

    private void Follow(MappingNode activity)
    {
        _now += _reader.Pause(activity, "before");
        if (_reader.Text(activity, "ref") is { } reference)
            _leftOut.Add($"reference to {reference}: the load goes on sending it");
        else if (_reader.Text(activity, "type") == "probe")
            Add(activity, mustMap: false);
        else
            Break(activity);
        _now += _reader.Pause(activity, "after");
    }

    private void Break(MappingNode action)
    {
        var provider = action.Find("provider")?.Value ?? action;
        if (_reader.Text(provider, "type") is not "process")
        {
            var what = _reader.Text(provider, "type") == "python"
                ? $"is Python ({Shown.Text($"{_reader.Text(provider, "module")}.{_reader.Text(provider, "func")}")}), which is not run here; {ProcessActions.Instead($"{NameOf(action)} {_reader.Text(provider, "module")} {_reader.Text(provider, "func")}")}"
                : $"has a provider of another kind than process; {ProcessActions.Instead(NameOf(action))}";
            _reader.Findings.Error(provider, $"the action '{Shown.Text(NameOf(action))}' {what}");
            return;
        }
        var meaning = new ProcessActions(_manifest).Of(WordsOf(provider));
        if (meaning.Problem is { } problem)
            _reader.Findings.Error(provider, $"the action '{Shown.Text(NameOf(action))}' {Shown.Text(problem, 300)}");
        _now += meaning.Pause;
        if (meaning.Ends is { } target && _faults.FindLastIndex(fault => fault.Lasts && fault.For is null && fault.Target == target) is >= 0 and var last)
            _faults[last] = _faults[last] with { For = _now - _faults[last].After };
        if (meaning.Fault is { } fault)
            _faults.Add(fault with { After = _now });
        if (meaning.Problem is null)
            _mapped.Add($"action {NameOf(action)}: {meaning.Fault?.Text ?? (meaning.Ends is null ? "a pause" : $"the end of what was done to {meaning.Ends}")}");
    }

    private void Add(MappingNode probe, bool mustMap)
    {
        var provider = probe.Find("provider")?.Value ?? probe;
        if (_reader.Text(provider, "type") != "http")
        {
            var what = $"{(mustMap ? "the probe" : "probe")} '{Shown.Text(NameOf(probe))}' is of the kind {_reader.Text(provider, "type") ?? "(none)"}";
            if (mustMap)
                _reader.Findings.Error(provider, $"{what}, which is not asked here; ask the application by http, or take it out and write an invariant");
            else
                _leftOut.Add($"{what}, and changes nothing");
            return;
        }
        if (_probes.Of(probe, provider) is not { } request)
            return;
        if (!_requests.Contains(request))
            _requests.Add(request);
        _mapped.Add($"probe {NameOf(probe)}: a request of the load, {request}");
        if ((provider as MappingNode)?.Find("timeout") is not null)
            _leftOut.Add($"timeout of {NameOf(probe)}: write p99 or each_within if it must hold");
    }

    private List<string> WordsOf(Node provider)
    {
        var words = (_reader.Text(provider, "path") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        words.AddRange((provider as MappingNode)?.Find("arguments")?.Value switch
        {
            ScalarNode text => Unquoted(words, _reader.Scalar(text) ?? ""),
            SequenceNode list => list.Items.Select(item => _reader.Scalar(item) ?? ""),
            MappingNode pairs => pairs.Entries.SelectMany(entry => (string[])[entry.Key, _reader.Scalar(entry.Value) ?? ""]).Where(word => word.Length > 0),
            _ => [],
        });
        return words;
    }

    /// <summary>`-c "a b"` of a shell keeps its one script.</summary>
    private static string[] Unquoted(List<string> words, string text) =>
        words is [var shell] && Path.GetFileName(shell) is "sh" or "bash" && text.StartsWith("-c ", StringComparison.Ordinal)
            ? ["-c", text[3..].Trim().Trim('\'', '"')]
            : text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string NameOf(Node activity) => _reader.Text(activity, "name") ?? "(without a name)";

    private string Write(string file)
    {
        var longest = _faults.Select(fault => fault.After + (fault.For ?? TimeSpan.FromSeconds(fault.Lasts ? 5 : 1))).Append(_now).Max();
        var duration = longest > OwnLoad.DefaultDuration ? longest : OwnLoad.DefaultDuration;
        var lines = new List<string>
        {
            $"# Made of the Chaos Toolkit's {Shown.Text(file)}.",
            $"title: {HttpProbes.Quoted(_reader.Text(_root, "title") ?? file)}",
            "load:",
            $"  duration: {Quantities.Write(duration)}",
        };
        if (_requests.Count > 0)
            lines.AddRange(["  requests:", .. _requests.Select(request => $"    - {request}")]);
        if (_faults.Count > 0)
            lines.AddRange(["fault:", .. _faults.Select(Line)]);
        lines.AddRange(["invariants:", _faults.Count > 0 ? "  - recovered_within: 10s" : "  - no_failures"]);
        _mapped.Add(_faults.Count > 0
            ? "steady state: the objectives hold before, and again within 10 s after (recovered_within)"
            : "steady state: no request fails (no_failures)");
        return string.Join('\n', lines) + "\n";
    }

    private static string Line(FaultDraft fault) =>
        $"  - {{ {fault.Text}{(fault.After > TimeSpan.Zero ? $", after: {Quantities.Write(fault.After)}" : "")}{(fault.For is { } lasts ? $", for: {Quantities.Write(lasts > TimeSpan.Zero ? lasts : TimeSpan.FromMilliseconds(10))}" : "")} }}";
}
