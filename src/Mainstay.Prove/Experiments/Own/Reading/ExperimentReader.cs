using System.Collections.Immutable;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Prove.Experiments.Own.Deeds;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>From the tree of one file to what it says, or to every error in it.</summary>
internal sealed class ExperimentReader
{
    private static readonly Field<string> Title = new("title", Scalars.AnyText, "What it is about, for people.", null!);

    private static readonly Field<string> Pillar = new("pillar",
        Scalars.Choice([.. ((string[])[Pillars.Resilience, Pillars.Lifecycle, Pillars.Platform, Pillars.Security, Pillars.Scalability]).Select(word => (word, word))]),
        "Under which reports list it.", Pillars.Resilience);

    private readonly ManifestSpec _manifest;
    private readonly FindingList _findings;
    private readonly LoadKeys _load;
    private readonly Field<ImmutableArray<OwnFault>> _faults;
    private readonly Field<ImmutableArray<ImmutableArray<OwnInvariant>>> _invariants;

    public ExperimentReader(ManifestSpec manifest, FindingList findings)
    {
        (_manifest, _findings) = (manifest, findings);
        var routes = RouteNames.Shape(manifest);
        _load = new(routes);
        _faults = new("fault", new ListShape<OwnFault>(new FaultShape(manifest), "[{ kind: kill, service: web }]", orOne: true), "What is broken.", []);
        _invariants = new("invariants",
            new ListShape<ImmutableArray<OwnInvariant>>(new InvariantShape(routes, findings), "{ no_failures: true }", orOne: true), "What must hold.", []);
    }

    public FieldTable Table => new([Title, Pillar, _load.Field, _faults, _invariants]);

    /// <summary>The key that must be there.</summary>
    public string Required => _invariants.Name;

    public OwnSpec? Read(MappingNode root, string name)
    {
        var section = new Section(root, Table, _findings);
        if (!section.IsWritten(_invariants))
            _findings.Error(root, "has no invariants; write what must hold, such as invariants: { no_failures: true }");
        var spec = new OwnSpec(
            name, section.Get(Title), section.Get(Pillar), _load.Read(section, _manifest, _findings), section.Get(_faults),
            [.. section.Get(_invariants).SelectMany(group => group)]);
        Check(spec, section);
        return spec;
    }

    /// <summary>What can only be told from all of it.</summary>
    private void Check(OwnSpec spec, Section section)
    {
        foreach (var fault in spec.Faults)
        {
            if (fault.After + fault.Least > LoadKeys.Longest)
                _findings.Error(section.At(_faults), $"takes longer than {LoadKeys.Longest.TotalMinutes:0} minutes; make it shorter");
            else if (fault.After >= spec.Load.Duration && fault.For is null)
                _findings.Error(section.At(_faults), $"begins after {fault.After.TotalSeconds:0.###} s, when the load's {spec.Load.Duration.TotalSeconds:0.###} s are over; give the load a longer duration");
        }
        if (section.IsBroken(_faults))
            return;
        foreach (var invariant in spec.Invariants)
        {
            if (Untested(spec, invariant) is { } why)
                _findings.Error(section.At(_invariants), $"{invariant.Key} {why}");
        }
    }

    /// <summary>Why nothing here would put it to the test; null: something does.</summary>
    private static string? Untested(OwnSpec spec, OwnInvariant invariant) => invariant.Key switch
    {
        "recovered_within" when spec.Faults.IsEmpty => "is about the time after a fault, and there is no fault; write one, or remove it",
        "unharmed" when spec.Faults.IsEmpty => "compares with the time before a fault, and there is no fault; write one, or remove it",
        "full_strength_within" or "writes_kept" when !spec.Faults.Any(fault => fault.Kills) =>
            "is about replicas that were killed; write a fault of kind kill, or remove it",
        "malformed_refused" when !spec.Faults.OfType<SendMalformed>().Any() =>
            "is about what is malformed, and nothing is sent that is; write a fault of kind malformed, or remove it",
        "slow_clients_closed_within" when !spec.Faults.OfType<SendSlowly>().Any() =>
            "is about slow clients, and there are none; write a fault of kind slow_clients, or remove it",
        "slow_clients_closed_within" when spec.Faults.OfType<SendSlowly>().Min(spec.LengthOf) is var length && length <= invariant.Outlasted =>
            $"of {invariant.Outlasted.TotalSeconds:0.###} s cannot be seen: the slow clients leave by themselves after {length.TotalSeconds:0.###} s; give their fault a longer `for`",
        _ => null,
    };
}
