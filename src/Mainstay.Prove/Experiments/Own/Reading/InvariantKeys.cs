using System.Collections.Immutable;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>What can be asked for, and the claims that these are.</summary>
internal static class InvariantKeys
{
    private const string Fault = Phase.Names.Fault;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Whether only what may be sent again is meant.</summary>
    private static readonly ScalarShape<bool> WhichFailures = Scalars.Choice(("true", false), ("idempotent", true));

    private static readonly ScalarShape<bool> True = new("true", (string text, out bool value) => (value = text == "true") ? null : "is not `true`; write true, or remove the key", () => new() { ["const"] = true });

    private static readonly ScalarShape<double> MayFail = new("a percentage such as 0.1%", ParseMayFail, Scalars.Ratio.ToSchema);

    private static ScalarShape<TimeSpan> Time => Scalars.Duration(Scalars.Shortest, Longest);

    public static ImmutableArray<InvariantKey> All { get; } =
    [
        Of("no_failures", WhichFailures, "No request fails, of 299 or more; `idempotent`: only those that may be sent again count.", idempotent => new("", [], (spec, streams, of) => NoFailures.Expect(
            $"no {(idempotent ? "idempotent " : "")}request{of} fails", "", idempotent ? $"{streams} idempotent" : streams, Fault, ExposureOf(spec)?.Start, ExposureOf(spec)?.End))),
        Of("failure_rate", MayFail, "No more fail; at most 50%.", ratio => new("", [], (_, streams, of) => FailureRate.Expect($"at most {ratio * 100:0.####} % of the requests{of} fail", "", streams, Fault, ratio))),
        Quantile("p50", 0.5),
        Quantile("p90", 0.9),
        Quantile("p95", 0.95),
        Quantile("p99", 0.99),
        Quantile("p999", 0.999),
        Of("each_within", Time, "Every single request is answered within that.", time => new("", [], (_, streams, of) => EachWithin.Expect($"each request{of} is answered within {Quantities.Write(time)}", "", streams, Fault, time.TotalSeconds))),
        Of("fails_fast_within", Time, "What fails is answered 503 within that.", time => new("", [], (_, streams, of) => FailsFast.Expect($"what fails{of} is answered 503 within {Quantities.Write(time)}", "", streams, Fault, time.TotalSeconds))),
        Of("refused_within", Time, "What is refused is so within that, with Retry-After.", time => new("", [], (_, streams, of) => Refusals.Expect($"what is refused{of} is refused within {Quantities.Write(time)}, with Retry-After", "", streams, Fault, time.TotalSeconds))),
        Of("unharmed", True, "Latencies and failures are as before the fault.", _ => new("", [], (_, streams, of) => Unharmed.Expect($"requests{of} are as before the fault", "", streams)) { ComparesWithBaseline = true }),
        Of("recovered_within", Time, "The objectives hold again so long after the fault.", time => new("", [], (_, streams, of) => RecoveredWithin.Expect($"the objectives{of} hold again within {Quantities.Write(time)}", "", streams, Kinds.FaultOff, time.TotalSeconds)) { Afterwards = time }),
        Of("full_strength_within", Time, "All replicas are back so long after each kill.", time => new("", [], (_, _, _) => HappensWithin.Expect($"all replicas are back within {Quantities.Write(time)}", "", Kinds.Killed, Kinds.FullStrength, time.TotalSeconds)) { Afterwards = time, IsOfAll = true }),
        Of("no_restarts", True, "No replica is restarted.", _ => new("", [], (_, _, _) => NeverHappens.Expect("no replica is restarted", "", Kinds.Restarted, Fault)) { IsOfAll = true }),
        Of("writes_kept", True, "No acknowledged write is lost.", _ => new("", [], (_, _, _) => WritesKept.Expect("no acknowledged write is lost", "")) { IsOfAll = true }),
        Of("malformed_refused", True, "What is malformed is refused.", _ => new("", [], (_, _, _) => NeverHappens.Expect("what is malformed is refused", "", Kinds.BadInput)) { IsOfAll = true }),
        Of("slow_clients_closed_within", Time, "Each slow client is closed within that.", time => new("", [], (_, _, _) => NumberAtMost.Expect($"each slow client is closed within {Quantities.Write(time)}", "", Kinds.SlowClient, "seconds", time.TotalSeconds)) { IsOfAll = true, Outlasted = time }),
    ];

    private static InvariantKey Quantile(string key, double quantile) => Of(key, Time, $"{quantile * 100:0.#} % of the requests are answered within that.", time => new("", [], (_, streams, of) =>
        LatencyQuantile.Expect($"{quantile * 100:0.#} % of the requests{of} are answered within {Quantities.Write(time)}", "", streams, Fault, quantile, time.TotalSeconds)));

    private static InvariantKey Of<T>(string key, Shape<T> shape, string description, Func<T, OwnInvariant> make)
    {
        var field = new Field<T>(key, shape, description);
        return new(field, IsWord: shape is ScalarShape<bool>, (section, place) =>
        {
            var made = make(section.Get(field));
            return made with { Key = key, Expect = (spec, streams, of) => made.Expect(spec, streams, of) with { From = place } };
        });
    }

    /// <summary>Of faults that all leave the same traces; else all of the phase counts.</summary>
    private static (string Start, string? End)? ExposureOf(OwnSpec spec) =>
        spec.Faults.Select(fault => fault.Exposure).Distinct().ToList() is [{ } only] ? only : null;

    private static string? ParseMayFail(string text, out double value) =>
        Quantities.Ratio(text, out value) ?? (value > 0.5 ? "is out of range; at most 50% may fail: more would be met by almost anything" : null);
}

/// <param name="Field">As it is written.</param>
/// <param name="IsWord">The key alone says it: it stands for itself with <c>true</c>.</param>
/// <param name="Make">From a section that has it, and the place where it stands.</param>
internal sealed record InvariantKey(Field Field, bool IsWord, Func<Section, string, OwnInvariant> Make);
