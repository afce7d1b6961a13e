using System.Collections.Immutable;
using System.Text;
using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Observing;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>One run of one experiment: its load, what is observed meanwhile, and the record of both.</summary>
internal sealed class Course : IAsyncDisposable
{
    private const int LeastConnections = 1024;

    /// <summary>Less than the 10,000 that Mainstay's edge lets in.</summary>
    private const int MostConnections = 8192;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly PlannedRun _run;
    private readonly List<Exercised> _sent;
    private readonly Dictionary<int, double> _weights = [];
    private LoadRun? _load;
    private Observation? _observation;

    public Course(Workbench bench, PlannedRun run, RecordingClock clock)
    {
        (Bench, _run) = (bench, run);
        _sent = [.. bench.Scope.Sent];
        Recorder = new(clock, bench.Scope.Sent);
        Chance = new Random(unchecked((int)bench.Seed));
    }

    public Workbench Bench { get; }

    public Laboratory Lab => Bench.Lab;

    public IApplication Application => Lab.Application;

    public Scope Scope => Bench.Scope;

    public string Subject => _run.Subject;

    public Recorder Recorder { get; }

    /// <summary>Seeded.</summary>
    public Random Chance { get; }

    public TimeProvider Time => Recorder.Time;

    public long Now => Recorder.Now;

    public StatusReport? Status => _observation?.Latest;

    /// <summary>The service that the experiment is about.</summary>
    public ServiceSpec Service => Scope.Service(Subject);

    /// <summary>Requests per second, all ordinary streams together.</summary>
    public double PerSecond { get; set; }

    /// <summary>Ready replicas of a service, or of all services of ours.</summary>
    public IReadOnlyList<ReplicaStatus> Replicas(string? service = null) =>
        [.. (Status?.Services ?? []).Where(known => service is null || known.Name == service).SelectMany(known => known.Replicas)];

    /// <summary>Those of a service that serve, with a process of their own.</summary>
    public IReadOnlyList<ReplicaStatus> Ready(string service) => [.. Replicas(service).Where(replica => replica.State == "ready" && replica.Pid is not null)];

    /// <summary>A further kind of request, which rests until it gets a rate of its own. Before the load starts.</summary>
    public int Add(Exercised exercised, double weight = 0)
    {
        _sent.Add(exercised);
        _weights[_sent.Count - 1] = weight;
        return Recorder.Add(exercised.Stream);
    }

    /// <summary>From where a stream comes; null: as the system chooses.</summary>
    public Dictionary<int, System.Net.IPAddress> Sources { get; } = [];

    /// <summary>Ordinary load and observation begin; returns once the latencies are steady.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        Observe();
        await StartLoadAsync();
        // What serves nothing has no latency that could become steady.
        if (Bench.Level != LoadLevel.OfNothing)
            await WarmUp.RunAsync(Recorder, cancel);
    }

    /// <summary>Watches the application of the moment; again after it was exchanged for another.</summary>
    public void Observe() => _observation ??= new(Application, Lab.Manifest, Recorder);

    public async Task StartLoadAsync()
    {
        if (PerSecond <= 0)
            PerSecond = Bench.Level.PerSecond;
        // So many that even requests of which none is answered in time do not wait for one another.
        var connections = PerSecond * _sent.Max(exercised => PatienceOf(exercised).TotalSeconds);
        _load = await LoadRun.StartAsync(
            new LoadPlan(LoadTarget.Of(Lab.Edge), [.. _sent.Select(StreamSpecOf)], Pace.Constant(PerSecond))
            {
                Seed = Bench.Seed,
                Connections = (int)Math.Clamp(connections, LeastConnections, MostConnections),
            },
            Recorder.Clock,
            Recorder);
    }

    public void SetRate(int stream, double perSecond) => _load?.SetRate(stream, perSecond);

    public void SetPace(Pace pace) => _load?.SetPace(pace);

    /// <summary>The same load without a fault.</summary>
    public Task BaselineAsync(TimeSpan length, CancellationToken cancel) =>
        PhaseAsync(Phase.Names.Baseline, () => RestAsync(length, cancel));

    public async Task PhaseAsync(string name, Func<Task> body)
    {
        var from = Now;
        try
        {
            await body();
        }
        finally
        {
            Recorder.Add(new Phase(name, from, Now));
        }
    }

    public Task RestAsync(TimeSpan length, CancellationToken cancel) => Task.Delay(length, Time, cancel);

    /// <summary>Until the requests since then are enough to say that none fails, or for so long.</summary>
    public Task RestForEnoughAsync(long since, TimeSpan longest, CancellationToken cancel) =>
        UntilAsync(() => Recorder.Exposed(since, Now, stream => stream.Role == LoadStream.Roles.Load) >= NoFailures.Enough * 1.05, longest, cancel);

    /// <summary>Whether something is seen within a time.</summary>
    public Task<bool> SeenAsync(string kind, long since, TimeSpan limit, CancellationToken cancel, string? subject = null) =>
        UntilAsync(() => Recorder.Has(kind, since, subject), limit, cancel);

    /// <summary>Waits for something, for so long; whether it came.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancel)
    {
        var start = Time.GetTimestamp();
        while (!condition())
        {
            if (Time.GetElapsedTime(start) > limit)
                return false;
            await Task.Delay(Poll, Time, cancel);
        }
        return true;
    }

    /// <summary>
    /// Runs a fault's stretch once, and once more if that could decide what is not clear yet and the budget has room: both are judged together, each
    /// look more strictly for it. Call it inside the fault's phase.
    /// </summary>
    public async Task MaybeTwiceAsync(Func<Task> stretch)
    {
        Recorder.Looks = 2;
        var from = Now;
        await stretch();
        var sofar = Close();
        sofar = sofar with
        {
            Phases = sofar.Phases.Add(new(Phase.Names.Fault, from, Now)),
            // What begins only later can say nothing yet.
            Expectations = [.. sofar.Expectations.Where(one => one.FindWord(Terms.Start) is not { } start || sofar.Happenings.Any(happening => happening.Kind == start))],
        };
        if (Bench.Spare().TotalMicroseconds > Now - from && Judge.WorthExtending(Judge.Of(sofar)))
            await stretch();
    }

    /// <summary>Waits until all of a service's (or of all services') replicas are ready, or for so long.</summary>
    public async Task<bool> FullAsync(TimeSpan limit, CancellationToken cancel, string? service = null)
    {
        var start = Time.GetTimestamp();
        while (true)
        {
            var status = await Application.StatusAsync(cancel);
            if (status is not null && Scope.Own.Where(spec => service is null || spec.Name == service)
                .All(spec => Laboratory.IsFull(status.Services.FirstOrDefault(known => known.Name == spec.Name), spec)))
                return true;
            if (Time.GetElapsedTime(start) > limit)
                return false;
            await Task.Delay(Poll * 5, Time, cancel);
        }
    }

    /// <summary>Records whether the processes that serve are still the same ones.</summary>
    public void Compare(string subject, IReadOnlyList<int> before, IReadOnlyList<int> after) => Recorder.Happened(
        before.SequenceEqual(after) ? Happening.Kinds.ReplicasUntouched : Happening.Kinds.ReplicasChanged, subject,
        $"the replicas before: {string.Join(", ", before)}; after: {string.Join(", ", after)}");

    /// <summary>The experiment itself failed at something: nothing can be concluded from it.</summary>
    public void Trouble(string what) => Recorder.Happened(Happening.Kinds.Trouble, Subject, what);

    /// <summary>Why it turned out that the experiment has nothing to say of this application; null: it has.</summary>
    public string? Inapplicable { get; private set; }

    public void NotApplicable(string why) => Inapplicable = why;

    /// <summary>Asks Mainstay for something and records how it ended; true: it went through.</summary>
    public async Task<bool> AskAsync(Operation operation, CancellationToken cancel)
    {
        var subject = operation.Service ?? "mainstay";
        Recorder.Happened(Happening.Kinds.Asked, subject, $"mainstay {operation.Command}{(operation.Service is null ? "" : " " + operation.Service)}");
        var result = await Application.AskAsync(operation, cancel);
        if (result.Error is not { } error)
        {
            Recorder.Happened(Happening.Kinds.OperationDone, subject, $"{operation.Command} has gone through");
            return true;
        }
        Recorder.Happened(Happening.Kinds.OperationHalted, subject, error);
        return false;
    }

    /// <summary>Ends load and observation.</summary>
    public async Task EndAsync()
    {
        if (_load is { } load)
        {
            _load = null;
            await load.StopAsync(TimeSpan.FromSeconds(2));
        }
        if (_observation is { } observation)
        {
            _observation = null;
            await observation.DisposeAsync();
        }
    }

    public History Close() => Recorder.Close(_run.Experiment.Name, Subject, _run.Experiment.Pillar, Bench.Seed);

    public async ValueTask DisposeAsync() => await EndAsync();

    private StreamSpec StreamSpecOf(Exercised exercised, int index) => new(exercised.Stream.Method, exercised.Stream.Path)
    {
        Headers = [.. exercised.Headers],
        Body = exercised.Body is null ? default : Encoding.UTF8.GetBytes(exercised.Body),
        ExpectedStatus = exercised.Stream.ExpectedStatus,
        Weight = _weights.GetValueOrDefault(index, 1),
        Source = Sources.GetValueOrDefault(index),
        Group = exercised.Stream.Role == LoadStream.Roles.Load ? 0 : 1,
        Patience = PatienceOf(exercised),
    };

    /// <summary>Beyond the route's own: what Mainstay should have given up is seen to be overdue, not cut.</summary>
    private static TimeSpan PatienceOf(Exercised exercised) => TimeSpan.FromSeconds(exercised.Stream.TimeoutSeconds + 5);
}
