using System.Collections.Immutable;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>The user's experiments: <c>experiments/*.yaml</c> beside the manifest.</summary>
internal static class ExperimentFolder
{
    public const string Name = "experiments";

    /// <summary>More than these are no experiments, but a mistake.</summary>
    private const int Most = 100;

    private static readonly DocumentKind Kind = new(
        "an experiment",
        "invariants: { no_failures: true }",
        "there is no such file",
        "is a folder; an experiment is a file");

    /// <param name="manifest">Beside which they stand.</param>
    /// <param name="builtIn">Names that are taken.</param>
    /// <param name="variables">Looks up <c>${NAME}</c>; null for a missing one.</param>
    /// <returns>In the order of their names; those that are wrong are findings, and not among them.</returns>
    public static (ImmutableArray<OwnExperiment> Experiments, ImmutableArray<Finding> Findings) Read(
        ManifestSpec manifest, IReadOnlyCollection<string> builtIn, Func<string, string?> variables)
    {
        var experiments = ImmutableArray.CreateBuilder<OwnExperiment>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var file in Files(manifest.Directory))
        {
            var (experiment, found) = ReadOne(file, manifest, builtIn, variables);
            findings.AddRange(found);
            if (experiment is not null)
                experiments.Add(experiment);
        }
        return (experiments.ToImmutable(), findings.ToImmutable());
    }

    /// <summary>The same for a text that is not on the disk yet.</summary>
    public static void Check(string text, string name, ManifestSpec manifest, IReadOnlyCollection<string> builtIn, FindingList findings) =>
        Understand(text, name, manifest, builtIn, new(_ => null), findings);

    private static IEnumerable<string> Files(string directory)
    {
        var folder = Path.Combine(directory, Name);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal).Take(Most)
            : [];
    }

    private static (OwnExperiment? Experiment, ImmutableArray<Finding> Findings) ReadOne(
        string file, ManifestSpec manifest, IReadOnlyCollection<string> builtIn, Func<string, string?> variables)
    {
        var findings = new FindingList(ManifestReader.Display(file));
        var name = Path.GetFileNameWithoutExtension(file);
        if (Path.GetExtension(file) != ".yaml")
            findings.Error($"is not read; rename it to {name}.yaml");
        else if (!Names.IsService(name))
            findings.Error($"its name is no name for an experiment (a-z, 0-9 and hyphens inside); rename it to {Names.ToService(name)}.yaml");
        else if (SourceText.Load(file, findings, Kind) is { } text
            && Understand(text, name, manifest, builtIn, new Interpolation(variables), findings) is { } spec)
            return (new(spec), findings.ToSorted());
        return (null, findings.ToSorted());
    }

    /// <summary>Null after a finding.</summary>
    private static OwnSpec? Understand(
        string text, string name, ManifestSpec manifest, IReadOnlyCollection<string> builtIn, Interpolation interpolation, FindingList findings)
    {
        if (builtIn.Contains(name))
            findings.Error($"there is an experiment {name} already, which Mainstay brings along; give the file another name");
        var root = new TreeReader(text, interpolation, findings, Kind).Read();
        var spec = root is null ? null : new ExperimentReader(manifest, findings).Read(root, name);
        return findings.HasErrors ? null : spec;
    }
}
