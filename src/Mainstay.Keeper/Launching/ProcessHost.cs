using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Journal;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// Starts processes as children of this one. Each gets a process group of its own and stands behind a gate until the guard and the state file
/// know of it: if Mainstay dies before, the gate's end of file ends the child, so there is no moment at which an orphan can be left.
/// </summary>
internal sealed class ProcessHost : IAsyncDisposable
{
    private static readonly TimeSpan DisposePatience = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly string _bootId = ProcFile.BootId();
    // From the system's own randomness, as a key would be, but without loading a library of 5 MiB for it.
    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly LaunchThread _thread = new();
    private readonly OutputPump _pump = new();
    private readonly ChildReaper _reaper;
    private readonly GroupGuard _guard;
    private readonly ProcessJournal _journal;
    private readonly ConcurrentDictionary<int, LaunchedProcess> _running = new();
    private readonly Lazy<Task<ImmutableArray<string>>> _cleanedUp;
    private readonly Lazy<Task> _disposed;

    /// <param name="stateDirectory">Holds the state file; created when needed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">For what an operator of Mainstay itself must know, in one line each. Any thread; must not block.</param>
    public ProcessHost(string stateDirectory, TimeProvider time, Action<string> warn)
    {
        LibC.OccupyStandardStreams();
        (_time, _warn) = (time, warn);
        _reaper = new ChildReaper(time);
        _guard = new GroupGuard(_reaper, _thread, time, warn);
        _journal = new ProcessJournal(stateDirectory, warn);
        _cleanedUp = new Lazy<Task<ImmutableArray<string>>>(CleanUpOnceAsync);
        _disposed = new Lazy<Task>(DisposeOnceAsync);
    }

    /// <summary>The guard's pid, 0 when there is none.</summary>
    public int GuardPid => _guard.Pid;

    /// <summary>
    /// Ends the process groups that an earlier run left behind and returns their names. Done once; the first launch does it if nobody else has.
    /// Fails with a <see cref="LaunchException"/> if the Mainstay that started them still runs.
    /// </summary>
    public Task<ImmutableArray<string>> CleanUpAsync(CancellationToken cancel) => _cleanedUp.Value.WaitAsync(cancel);

    /// <summary>Starts a process. Every expected failure is a <see cref="LaunchException"/> with one clear line.</summary>
    /// <param name="spec">What.</param>
    /// <param name="target">Where standard output, or (true) standard error goes.</param>
    /// <param name="cancel">Of the wait; what was started stays.</param>
    public async ValueTask<LaunchedProcess> LaunchAsync(LaunchSpec spec, Func<bool, IOutputTarget> target, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsValueCreated, this);
        await CleanUpAsync(cancel);
        return await _thread.RunAsync(() => Launch(spec, target), cancel);
    }

    /// <summary>Kills what still runs, and ends the guard.</summary>
    public ValueTask DisposeAsync() => new(_disposed.Value);

    private LaunchedProcess Launch(LaunchSpec spec, Func<bool, IOutputTarget> target)
    {
        var program = ProgramPath.Resolve(spec);
        using var pipes = new LaunchPipes(spec.Name);
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal) { [JournalEntry.MarkerVariable] = _marker };
        var start = LaunchGate.Behind(program, spec, environment, pipes).Run();
        if (start.Error != 0)
            throw new LaunchException($"cannot start {spec.Name}: {LibC.Describe(start.Error)}");
        pipes.CloseChildEnds();

        var leader = new ChildProcess(start.Pid, leadsGroup: true);
        OutputStream[] streams = [new(pipes.TakeOutput(), target(false)), new(pipes.TakeError(), target(true))];
        foreach (var stream in streams)
            _pump.Add(stream);
        var process = new LaunchedProcess(leader, _pump, streams, _time);
        _running[start.Pid] = process;

        _guard.Register(start.Pid);
        if (ProcStat.Read(ProcFile.Root, start.Pid) is { } stat)
            _journal.Add(new JournalEntry(start.Pid, stat.StartTime, _bootId, _marker, spec.Name));
        _reaper.Watch(leader, () => OnEnded(leader), status => OnReaped(process, status));
        LaunchGate.Open(pipes.Gate);
        return process;
    }

    /// <summary>The leader is not reaped yet: its id still names its group and nobody else's.</summary>
    private void OnEnded(ChildProcess leader)
    {
        leader.Signal(Signals.Kill);
        _guard.Unregister(leader.Pid);
        _running.TryRemove(leader.Pid, out _);
    }

    private void OnReaped(LaunchedProcess process, ExitStatus status)
    {
        _journal.Remove(process.Pid);
        process.OnReaped(status);
    }

    private async Task<ImmutableArray<string>> CleanUpOnceAsync()
    {
        var entries = _journal.Read();
        var earlier = new EarlierRun(_bootId, _time, _warn);
        if (earlier.OwnerAlive(entries) is { } owner)
        {
            throw new LaunchException(string.Create(CultureInfo.InvariantCulture,
                $"another Mainstay (pid {owner}) runs the processes listed in {_journal.File}: stop it first"));
        }

        var ended = await earlier.EndAsync(entries);
        if (ProcStat.Read(ProcFile.Root, Environment.ProcessId) is { } self)
            _journal.Own(new JournalEntry(self.Pid, self.StartTime, _bootId, _marker, JournalEntry.OwnerName));
        return ended;
    }

    private async Task DisposeOnceAsync()
    {
        // Nothing starts from here on; what started is known.
        await _thread.DisposeAsync();
        var running = _running.Values.ToArray();
        foreach (var process in running)
            process.Signal(Signals.Kill);
        var ended = Task.WhenAll(running.Select(process => process.Exited));
        await Task.WhenAny(ended, Task.Delay(DisposePatience, _time));
        var closed = _guard.CloseAsync();
        await Task.WhenAny(closed, Task.Delay(DisposePatience, _time));
        _guard.Kill();
        _reaper.Dispose();
        await _pump.DisposeAsync();
    }
}
