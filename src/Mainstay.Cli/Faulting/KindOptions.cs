using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.State;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Cli.Faulting;

/// <summary>One option for each kind of fault, and two that narrow them down.</summary>
internal sealed class KindOptions
{
    private readonly Option<string?> _latency = Asks("--latency", "Answers come later by this", "DURATION");
    private readonly Option<string?> _jitter = Asks("--jitter", "With --latency: up to this much more or less", "DURATION");
    private readonly Option<string?> _bandwidth = Asks("--bandwidth", "Answers come at most at this rate, per second and connection", "SIZE");
    private readonly Option<bool> _blackhole = new("--blackhole") { Description = "Accept, and let nothing through" };
    private readonly Option<bool> _refuse = new("--refuse") { Description = "Refuse connections, and reset live ones" };
    private readonly Option<string?> _reset = Asks("--reset-after", "Reset connections after so much of the answers (0B: when one begins)", "SIZE");
    private readonly Option<string?> _limit = Asks("--limit", "Close connections after so much of the answers", "SIZE");
    private readonly Option<string?> _slice = Asks("--slice", "Answers come in slices of this size, a few milliseconds apart", "SIZE");
    private readonly Option<string?> _slowClose = Asks("--slow-close", "Connections end later by this", "DURATION");
    private readonly Option<string?> _failRatio = Asks("--fail-ratio", "Reset this ratio of connections, such as 0.5", "RATIO");
    private readonly Option<string?> _failFirst = Asks("--fail-first", "Reset the first connections", "N");
    private readonly Option<string?> _status = Asks("--status", "Answer HTTP requests with this status", "CODE");
    private readonly Option<string?> _delay = Asks("--delay", "HTTP requests reach the upstream later by this", "DURATION");
    private readonly Option<string?> _path = Asks("--path", "With --status or --delay: only requests whose path begins so", "PREFIX");
    private readonly Option<string?> _toxicity = Asks("--toxicity", "The ratio of connections that faults apply to (default 1)", "RATIO");

    private static readonly TimeSpan SliceGap = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    public IEnumerable<Option> All =>
        [_latency, _jitter, _bandwidth, _blackhole, _refuse, _reset, _limit, _slice, _slowClose, _failRatio, _failFirst, _status, _delay, _path, _toxicity];

    /// <exception cref="CommandFailure">Something of it is wrong; the message says what, in one line.</exception>
    public ImmutableArray<Fault> Read(ParseResult parsed)
    {
        var toxicity = RatioOf("--toxicity", parsed.GetValue(_toxicity)) ?? 1;
        return [.. Kinds(parsed).Select(fault => fault with { Toxicity = toxicity })];
    }

    private IEnumerable<Fault> Kinds(ParseResult parsed)
    {
        var jitter = FaultsOptions.TimeOf("--jitter", parsed.GetValue(_jitter), LeastTime);
        if (FaultsOptions.TimeOf("--latency", parsed.GetValue(_latency), LeastTime) is { } latency)
            yield return new Latency(latency, jitter ?? TimeSpan.Zero);
        else if (jitter is not null)
            throw CommandFailure.Usage("--jitter goes with --latency");
        if (SizeOf("--bandwidth", parsed.GetValue(_bandwidth), 1) is { } bandwidth)
            yield return new Bandwidth(bandwidth);
        if (parsed.GetValue(_blackhole))
            yield return new Blackhole();
        if (parsed.GetValue(_refuse))
            yield return new Refuse();
        if (SizeOf("--reset-after", parsed.GetValue(_reset), 0) is { } reset)
            yield return new Reset(AfterBytes: reset);
        if (SizeOf("--limit", parsed.GetValue(_limit), 0) is { } limit)
            yield return new LimitBytes(limit);
        if (SizeOf("--slice", parsed.GetValue(_slice), 1) is { } slice)
            yield return new Slicing((int)Math.Min(slice, int.MaxValue), 0, SliceGap);
        if (FaultsOptions.TimeOf("--slow-close", parsed.GetValue(_slowClose), LeastTime) is { } slow)
            yield return new SlowClose(slow);
        if (RatioOf("--fail-ratio", parsed.GetValue(_failRatio)) is { } ratio)
            yield return new Flaky(ratio);
        if (NumberOf("--fail-first", parsed.GetValue(_failFirst), 1, 1_000_000) is { } first)
            yield return new FirstFail(first);
        var path = parsed.GetValue(_path);
        var status = NumberOf("--status", parsed.GetValue(_status), 200, 599);
        var delay = FaultsOptions.TimeOf("--delay", parsed.GetValue(_delay), LeastTime);
        if (status is null && delay is null && path is not null)
            throw CommandFailure.Usage("--path goes with --status or --delay");
        if (delay is { } later)
            yield return new HttpDelay(new(PathPrefix: path), later);
        if (status is { } code)
            yield return new HttpStatus(new(PathPrefix: path), code);
    }

    private static Option<string?> Asks(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static long? SizeOf(string option, string? text, long least) => text is null ? null
        : Sizes.Parse(text) is { } size && size >= least ? size
        : throw CommandFailure.Usage($"{option} '{text}' is not a size such as 512B, 64KiB or 1MiB");

    private static double? RatioOf(string option, string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is > 0 and <= 1 ? ratio
        : throw CommandFailure.Usage($"{option} '{text}' is not a ratio above 0 and up to 1, such as 0.5");

    private static int? NumberOf(string option, string? text, int least, int most) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw CommandFailure.Usage($"{option} '{text}' is not a number from {least} to {most}");
}
