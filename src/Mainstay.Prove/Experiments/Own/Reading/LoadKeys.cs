using System.Collections.Immutable;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>The keys under <c>load</c>.</summary>
internal sealed class LoadKeys
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Requests per second; more cannot be sent beside the application, on the same machine.</summary>
    private const double Fastest = 10_000;

    private static readonly Field<double> Rate = new("rate", new ScalarShape<double>("a rate such as 100/s", ParseRate, ProtectionShapes.Rate.ToSchema), "Requests in all; default: the ordinary load.");

    private static readonly Field<TimeSpan> Duration = new("duration", Scalars.Duration(TimeSpan.FromSeconds(1), Longest), "Of the fault's time.", OwnLoad.DefaultDuration);

    private static readonly Field<ImmutableArray<ExerciseSpec>> Requests = new("requests",
        new ListShape<ExerciseSpec>(new ExerciseShape(), "[GET /api/orders/1 -> 200]", orOne: true), "Sent instead of what the manifest says.", []);

    private readonly Field<ImmutableArray<string>> _routes;

    public LoadKeys(Shape<ImmutableArray<string>> routes)
    {
        _routes = new("routes", routes, "Only these; default: all that is exercised.", []);
        Field = new("load", new SectionShape(new([Rate, Duration, _routes, Requests]), "a mapping such as { rate: 50/s, duration: 20s }"), "What is sent.", Section.Empty);
    }

    public Field<Section> Field { get; }

    public OwnLoad Read(Section experiment, ManifestSpec manifest, FindingList findings)
    {
        var load = experiment.Sub(Field);
        if (load.IsWritten(_routes) && load.IsWritten(Requests))
            findings.Error(load.At(_routes), "names routes beside requests, which say by themselves where they go; remove one of the two");
        var requests = ImmutableArray.CreateBuilder<(RouteSpec, ExerciseSpec)>();
        foreach (var request in load.Get(Requests))
        {
            if (RouteNames.Of(manifest, request) is { } route)
                requests.Add((route, request));
            else
                findings.Error(load.At(Requests), $"{Shown.Text($"{request.Method} {request.Path}")} is taken by no route that leads to a service; write one that the manifest has");
        }
        return new(load.GetOrNull(Rate), load.Get(Duration), load.Get(_routes), requests.ToImmutable());
    }

    private static string? ParseRate(string text, out double value) =>
        Quantities.Rate(text, out value) ?? (value > Fastest ? $"is out of range; at most {Fastest:0}/s can be sent beside the application" : null);
}
