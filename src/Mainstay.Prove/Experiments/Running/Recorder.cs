using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Collects what one experiment records, from whatever thread, until it is closed into a history.</summary>
internal sealed class Recorder(RecordingClock clock, ImmutableArray<Exercised> sent) : ISampleSink
{
    private readonly Lock _lock = new();
    private readonly List<LoadStream> _streams = [.. sent.Select(exercised => exercised.Stream)];
    private readonly List<Phase> _phases = [];
    private readonly List<Happening> _happenings = [];
    private readonly List<Expectation> _expectations = [];
    private readonly List<LoadSecond> _load = [];
    private readonly List<MachineSecond> _machine = [];
    private readonly List<Sample> _samples = [];

    public long Now => clock.Now;

    public TimeProvider Time => clock.Time;

    public RecordingClock Clock => clock;

    /// <summary>How often what is recorded may be judged while it goes on.</summary>
    public int Looks { get; set; } = 1;

    public IReadOnlyList<LoadStream> Streams
    {
        get
        {
            lock (_lock)
                return [.. _streams];
        }
    }

    /// <summary>A further kind of request; its index.</summary>
    public int Add(LoadStream stream)
    {
        lock (_lock)
        {
            _streams.Add(stream);
            return _streams.Count - 1;
        }
    }

    public void Add(in Sample sample)
    {
        lock (_lock)
            _samples.Add(sample);
    }

    public void Add(LoadSecond second)
    {
        lock (_lock)
            _load.Add(second);
    }

    public void Add(MachineSecond second)
    {
        lock (_lock)
            _machine.Add(second);
    }

    public void Add(Phase phase)
    {
        lock (_lock)
            _phases.Add(phase);
    }

    public void Expect(params IEnumerable<Expectation> expectations)
    {
        lock (_lock)
            _expectations.AddRange(expectations);
    }

    public void Happened(string kind, string subject, string text, params (string Name, double Value)[] numbers) =>
        Add(Happening.Of(Now, kind, subject, text, numbers));

    public void Add(Happening happening)
    {
        lock (_lock)
            _happenings.Add(happening);
    }

    /// <summary>Whether something was seen, from a moment on.</summary>
    public bool Has(string kind, long since, string? subject = null)
    {
        lock (_lock)
            return _happenings.Exists(happening => happening.Kind == kind && happening.At >= since && (subject is null || happening.Subject == subject));
    }

    public IReadOnlyList<Happening> Seen(Func<Happening, bool> counts)
    {
        lock (_lock)
            return [.. _happenings.Where(counts)];
    }

    public int Count(string kind, long since = 0)
    {
        lock (_lock)
            return _happenings.Count(happening => happening.Kind == kind && happening.At >= since);
    }

    /// <summary>Requests that were due in a stretch of time, or were under way at its beginning, and whose fate is known.</summary>
    public int Exposed(long from, long to, Func<LoadStream, bool> counts)
    {
        lock (_lock)
            return _samples.Count(sample => counts(_streams[sample.Stream]) && sample.Fate != Fate.Cut && sample.ScheduledAt < to && sample.EndedAt > from);
    }

    /// <summary>How long answers have taken so far; 0 without any.</summary>
    public double MeanSeconds(Func<LoadStream, bool> counts)
    {
        lock (_lock)
            return _samples.Where(sample => counts(_streams[sample.Stream]) && sample.Fate == Fate.Answered).Select(sample => sample.Latency / 1e6).DefaultIfEmpty().Average();
    }

    /// <summary>
    /// Requests per second that were due in a stretch of time and that the load took up in it, and those of them that also found a connection: the
    /// server may keep all of them busy. All are known once the load has ended.
    /// </summary>
    public (double TakenUp, double Sent) PerSecond(string role, long from, long to)
    {
        lock (_lock)
        {
            var takenUp = _samples.Where(sample => _streams[sample.Stream].Role == role && sample.ScheduledAt >= from && sample.BegunAt < to).ToList();
            var seconds = (to - from) / 1e6;
            return (takenUp.Count / seconds, takenUp.Count(sample => sample.SentAt >= 0 && sample.SentAt < to) / seconds);
        }
    }

    /// <summary>Requests whose fate became known in a stretch of time.</summary>
    public int Ended(long from, long to, Func<Sample, bool> counts)
    {
        lock (_lock)
            return _samples.Count(sample => sample.EndedAt >= from && sample.EndedAt < to && counts(sample));
    }

    public ImmutableArray<Sample> Samples(long from, long to)
    {
        lock (_lock)
            return [.. _samples.Where(sample => sample.ScheduledAt >= from && sample.ScheduledAt < to)];
    }

    public History Close(string experiment, string subject, string pillar, ulong seed)
    {
        lock (_lock)
        {
            return new(
                History.CurrentVersion, experiment, subject, pillar, seed, clock.StartedAt,
                [.. _streams], [.. _phases.OrderBy(phase => phase.From)], [.. _happenings.OrderBy(happening => happening.At)], [.. _expectations],
                [.. _load.OrderBy(second => second.At)], [.. _machine], [.. _samples.OrderBy(sample => sample.ScheduledAt)], Looks);
        }
    }
}
