using System.Threading.Channels;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;

namespace Mainstay.Keeper.Keeping;

/// <summary>
/// Keeps a core running, and exchanges it for another when one is asked to take its place. Everything happens in one loop: what comes from
/// cores, from ended processes, from signals and timers is posted to it.
/// </summary>
internal sealed class Keeper : IAsyncDisposable
{
    /// <summary>A successor that is not prepared, or does not serve, within this time is given up.</summary>
    private static readonly TimeSpan SuccessorPatience = TimeSpan.FromSeconds(30);

    /// <summary>From the stop signal to the end of everything, when no core can be had that could do better.</summary>
    private static readonly TimeSpan BareGrace = TimeSpan.FromSeconds(10);

    /// <summary>Ticks without a sign of life after which a core that has given some is ended. Ticks, not time: a machine that slept did not tick.</summary>
    private const int LongestSilence = 20;

    private readonly Channel<Func<ValueTask>> _posted = Channel.CreateUnbounded<Func<ValueTask>>(new() { SingleReader = true });
    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly Systemd _manager;
    private readonly Voice _voice;
    private readonly TimeProvider _time;
    private readonly CoreDeaths _deaths;
    private readonly KeptThings _kept;
    private readonly LaunchThread _thread = new();
    private readonly ChildReaper _reaper;
    private readonly HashSet<Core> _cores = [];
    private readonly Faults _faults;
    private readonly ITimer _tick;
    private IReadOnlyList<string> _program;
    private Core? _current;
    private Exchange? _exchange;
    private ITimer? _restart;
    private int? _stopSignal;
    private int _signals;
    private int? _exit;
    private bool _everServed;
    private string? _lastPause;

    public Keeper(
        IReadOnlyList<string> program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment,
        Systemd manager, Voice voice, TimeProvider time)
    {
        (_program, _arguments, _environment, _manager, _voice, _time) = (program, arguments, environment, manager, voice, time);
        (_deaths, _faults) = (new(time), new(voice));
        _kept = new(manager, voice, time, (group, status) => Post(() => _kept!.Ended(group, status, Supervising)));
        _reaper = new(time);
        _tick = time.CreateTimer(_ => Post(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The core whose word counts: from the moment the old one has let go, the successor.</summary>
    private Core? Supervising => _exchange is { IsHandedOver: true } exchange ? exchange.Successor : _current;

    /// <summary>Until everything is to end; the exit code.</summary>
    public async Task<int> RunAsync()
    {
        await StartAsync();
        await foreach (var happening in _posted.Reader.ReadAllAsync())
        {
            await _faults.SurviveAsync(happening);
            if (_exit is { } exit)
                return exit;
        }

        return 1;
    }

    /// <summary>A signal asked for the end; the second one means at once, and is answered by true. Any thread.</summary>
    public bool Stop(int signal)
    {
        var isAgain = Interlocked.Exchange(ref _signals, 1) != 0;
        Post(() => isAgain ? EndAtOnce(signal) : StopAsync(signal));
        return isAgain;
    }

    public async ValueTask DisposeAsync()
    {
        await _tick.DisposeAsync();
        foreach (var core in _cores)
            core.Kill();
        await _kept.DisposeAsync();
        // Reaped before the reaper goes, so that nothing of ours is left behind.
        await Task.WhenAny(Task.WhenAll(_cores.Select(core => core.Ended)), Task.Delay(TimeSpan.FromSeconds(1), _time));
        foreach (var core in _cores)
            core.Dispose();
        _restart?.Dispose();
        _reaper.Dispose();
        await _thread.DisposeAsync();
    }

    private async ValueTask StopAsync(int signal)
    {
        _stopSignal ??= signal;
        if (_exchange is { IsUnderWay: false } exchange)
            GiveUp(exchange.Successor, "was given up: Mainstay is stopping");
        if (_current is null)
            await RestartAsync();
        else
            TellStop();
    }

    private ValueTask EndAtOnce(int signal)
    {
        _voice.Say($"{Signals.NameOf(signal)} again: ending everything at once");
        _exit = 128 + signal;
        return default;
    }

    /// <summary>Whoever supervises has to stop it. While that changes hands, it is told afterwards.</summary>
    private void TellStop()
    {
        if (_stopSignal is not { } signal || _exchange is { IsUnderWay: true } || _current is not { IsTold: false } core)
            return;
        core.IsTold = true;
        core.Send(MessageKind.Stop, MessageBody.Of(signal));
    }

    private void Post(Func<ValueTask> happening) => _posted.Writer.TryWrite(happening);

    private void Post(Action happening) => Post(() =>
    {
        happening();
        return default;
    });

    private async ValueTask StartAsync()
    {
        try
        {
            _current = await StartCoreAsync(_program);
            _kept.Reader.IsPresent = true;
        }
        catch (Exception refused)
        {
            // Whatever it was: without this no core would ever be tried again.
            AfterDeath($"cannot be started: {refused.Message}", served: null);
        }
    }

    private async Task<Core> StartCoreAsync(IReadOnlyList<string> program)
    {
        var core = await _thread.RunAsync(() => Core.Start(program, _arguments, _environment, _reaper), CancellationToken.None);
        _cores.Add(core);
        // One that goes on has nothing to build or to wait for: from its first moment it must show that it lives.
        core.Silence = _everServed ? 0 : null;
        _ = TellEndAsync(core);
        core.Listen(message => Post(() => HearAsync(core, message)));
        return core;
    }

    /// <summary>Never faults: nothing that it awaits does.</summary>
    private async Task TellEndAsync(Core core)
    {
        var status = await core.Ended;
        Post(() => Ended(core, status));
    }

    private async ValueTask HearAsync(Core core, Message message)
    {
        try
        {
            await ObeyAsync(core, message);
        }
        catch (Exception broken) when (broken is IOException or FormatException or ArgumentException)
        {
            // It says what is no message of ours: whatever it is, it cannot be relied on.
            _voice.Say($"the core (process {core.Pid}) said something that is not understood; it is ended");
            core.Kill();
        }
        finally
        {
            message.CloseDescriptors();
        }
    }

    private async ValueTask ObeyAsync(Core core, Message message)
    {
        using var body = message.Read();
        core.Silence = message.Kind == MessageKind.Alive ? 0 : core.Silence;
        switch (message.Kind)
        {
            case MessageKind.Hello:
                Welcome(core);
                break;
            case MessageKind.Serving:
                Serves(core);
                break;
            case MessageKind.Prepared when core == _exchange?.Successor:
                _exchange.Prepared();
                break;
            case MessageKind.HandedOver when core == _current:
                HandedOver(core);
                break;
            case MessageKind.Upgrade when core == _current:
                await ExchangeAsync(core, body.ReadStrings());
                break;
            case MessageKind.StopAsked when core == _current:
                core.IsTold = true;
                await StopAsync(Signals.Terminate);
                break;
            case MessageKind.End:
                core.Exit = body.ReadInt32();
                break;
            default:
                // One that has handed over, or has not taken over yet, changes nothing.
                if (core == Supervising)
                    await _kept.ObeyAsync(core, message, body);
                break;
        }
    }

    private void Welcome(Core core)
    {
        if (core == _exchange?.Successor)
            _kept.TellNotes(core);
        else
            _kept.TellAll(core);
        core.IsTold = _stopSignal is not null;
        var welcome = MessageBody.Of(body =>
        {
            body.Write(core == _exchange?.Successor);
            body.Write(_stopSignal ?? 0);
            body.Write(IsAlone(core));
        });
        core.Send(MessageKind.Welcome, welcome, _kept.Doorbell);
    }

    private void Serves(Core core)
    {
        _everServed = true;
        core.ServingSince = _time.GetTimestamp();
        // So little is allocated here that the runtime would wait for megabytes of it: what the start of a core left is given back at once.
        GC.Collect();
        if (_exchange is not { } exchange || core != exchange.Successor)
            return;
        _exchange = null;
        exchange.Dispose();
        _current = core;
        _program = core.Program;
        exchange.Old?.Send(MessageKind.Leave, MessageBody.Empty);
        TellAlone();
        TellStop();
    }

    /// <summary>Whether no core before it is still finishing what it serves.</summary>
    private bool IsAlone(Core core) => _cores.All(other => other == core || other == _exchange?.Successor);

    private void TellAlone()
    {
        if (_current is { } core && IsAlone(core))
            core.Send(MessageKind.Alone, MessageBody.Empty);
    }

    /// <summary>When the successor has ended meanwhile, what the old one let go of is its own again.</summary>
    private void HandedOver(Core old)
    {
        _exchange?.HandedOver();
        if (_exchange is not null)
            return;
        _kept.HandBack(old);
        TellStop();
    }

    private async ValueTask ExchangeAsync(Core old, string[] program)
    {
        if (_exchange is not null || _stopSignal is not null)
        {
            old.Send(MessageKind.UpgradeFailed, MessageBody.Of(_stopSignal is null ? "another upgrade is running" : "Mainstay is stopping"));
            return;
        }

        try
        {
            var successor = await StartCoreAsync(program);
            var limit = _time.CreateTimer(_ => Post(() => GiveUp(successor, $"was not ready within {SuccessorPatience.TotalSeconds:0} s")), null, SuccessorPatience, Timeout.InfiniteTimeSpan);
            _exchange = new(old, successor, _kept, limit);
        }
        catch (Exception refused)
        {
            old.Send(MessageKind.UpgradeFailed, MessageBody.Of($"the new core cannot be started: {refused.Message}"));
        }
    }

    private void GiveUp(Core successor, string why)
    {
        if (_exchange?.Successor != successor)
            return;
        _exchange.Failed ??= why;
        successor.Kill();
    }

    private void Ended(Core core, ExitStatus status)
    {
        _cores.Remove(core);
        core.Dispose();
        if (core == _exchange?.Successor)
            SuccessorEnded(_exchange, status);
        else if (core == _current && _exchange is { } exchange && (core.Exit is null || exchange.IsHandedOver))
            exchange.OldDied();
        else if (core == _current)
            CurrentEnded(core, status);
        else
            TellAlone();
    }

    private void SuccessorEnded(Exchange exchange, ExitStatus status)
    {
        _exchange = null;
        exchange.Dispose();
        var why = exchange.Failed ?? (exchange.Successor.Exit is { } code ? $"ended with exit code {code} before it served" : $"{status} before it served");
        if (exchange.Old is { } old)
        {
            old.Send(MessageKind.UpgradeFailed, MessageBody.Of($"the new core {why}"));
            if (exchange.IsHandedOver)
                _kept.HandBack(old);
            TellStop();
            return;
        }

        _current = null;
        AfterDeath($"died, and the one that should take its place {why}", served: null);
    }

    private void CurrentEnded(Core core, ExitStatus status)
    {
        _current = null;
        // One that gives up what others had served has died, politely.
        if (core.Exit is { } exit && (exit == 0 || !_everServed || _stopSignal is not null))
        {
            _exit = exit;
            return;
        }

        AfterDeath(core.Exit is { } code ? $"ended with exit code {code}" : status.ToString(), core.ServingSince is { } since ? _time.GetElapsedTime(since) : null);
    }

    private void AfterDeath(string how, TimeSpan? served)
    {
        if (!_everServed && _kept.IsEmpty)
        {
            _voice.Say($"the core {how} before it served anything; nothing is left running");
            _exit = 1;
            return;
        }

        var delay = _deaths.Died(served);
        _kept.Reader.IsPresent = delay < CoreDeaths.Proof;
        if (_stopSignal is not null && delay > TimeSpan.Zero)
        {
            EndBare();
            return;
        }

        if (delay < CoreDeaths.Pause)
            _voice.Say($"the core {how}; a new one takes over, {_kept.RunOn}");
        else if (_lastPause != how)
            _voice.Say($"the core {how}, {CoreDeaths.Many} times within a minute before it served: {_kept.RunOn} without an edge, connections wait; tried again every {delay.TotalSeconds:0} s");
        _lastPause = delay < CoreDeaths.Pause ? null : how;
        _restart = _time.CreateTimer(_ => Post(RestartAsync), null, delay, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask RestartAsync()
    {
        _restart?.Dispose();
        _restart = null;
        if (_current is null)
            await StartAsync();
    }

    /// <summary>No core lives long enough to drain what runs: the stop signal, and the end.</summary>
    private void EndBare()
    {
        _voice.Say("no core can be started: what runs is told to end, without a drain");
        _kept.SignalAll(_stopSignal ?? Signals.Terminate);
        _restart = _time.CreateTimer(_ => Post(() => { _exit = 1; }), null, BareGrace, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        if (_restart is not null && _stopSignal is not null && _current is null && _kept.Running == 0)
            _exit = 1;
        // While there is no core, it is for us to say that this is as it should be: what runs would be ended with us.
        if (_everServed && (_restart is not null || _current is { ServingSince: null }))
            _manager.Notify("WATCHDOG=1");
        if (_current is not { Silence: { } silence } core)
            return;
        core.Silence = silence + 1;
        if (core.Silence != LongestSilence)
            return;
        _voice.Say($"the core (process {core.Pid}) has not shown for {LongestSilence} s that it answers; it is ended");
        core.Kill();
    }
}
