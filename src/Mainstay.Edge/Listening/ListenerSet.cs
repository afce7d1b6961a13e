using System.Collections.Immutable;
using System.Net.Sockets;
using Mainstay.Contracts.Listening;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Listening;

/// <summary>The listeners of the edge, as the manifest wants them now. One change at a time; reading is thread-safe.</summary>
internal sealed class ListenerSet(Func<Exchange, ValueTask> steps, IListenSockets sockets, TimeProvider time, ILoggerFactory logs) : IAsyncDisposable
{
    /// <summary>Connections of a listener that is gone may last so long, then they are cut.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private readonly ILogger _logger = logs.CreateLogger("Mainstay.Edge.Listening");
    private readonly ConnectionGate _gate = new();
    private readonly SpareDescriptors _spares = new();
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _cut = new();
    private ImmutableArray<Listener> _listeners = [];
    private ImmutableArray<Task> _draining = [];
    private volatile bool _announcing;
    private volatile bool _stopped;
    private uint _asked;
    private long _ownRequests;
    private int _disposed;

    public IReadOnlyList<string> Urls => [.. _listeners.Select(listener => listener.Url)];

    public int Connections => _gate.Open;

    /// <summary>Requests by <see cref="AnswersAsync"/> among those that came in.</summary>
    public long OwnRequests => Volatile.Read(ref _ownRequests);

    public bool AnyListening => !_stopped && !_listeners.IsEmpty;

    /// <summary>
    /// Binds what is new, all or nothing; then runs <paramref name="between"/>, which cannot fail; then starts the new listeners and
    /// drains those that are gone, in the background. Listeners that stay are not touched, but for their limits.
    /// </summary>
    public async Task ApplyAsync(EdgeSpec edge, Action between, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var kept = _listeners.Where(listener => edge.Listen.Any(spec => Same(spec, listener.Spec))).ToImmutableArray();
            var gone = _listeners.RemoveRange(kept);
            var added = await BindAsync([.. edge.Listen.Where(spec => !kept.Any(listener => Same(spec, listener.Spec)))], gone, edge.Limits);
            between();
            LimitConnections(edge.Limits.Connections);
            foreach (var listener in kept)
            {
                listener.Rename(edge.Listen.First(spec => Same(spec, listener.Spec)));
                listener.ApplyLimits(edge.Limits);
            }
            foreach (var listener in added)
                await listener.StartAsync(steps, time, CancellationToken.None);
            _listeners = [.. kept, .. added];
            if (_announcing)
                AnnounceClose();
            _draining = [.. _draining.Where(task => !task.IsCompleted), .. gone.Select(listener => DrainAsync(listener, edge.LameDuck))];
        }
        finally
        {
            _changing.Release();
        }
    }

    private void LimitConnections(int wanted)
    {
        var bearable = DescriptorLimit.Connections();
        // Few have so many clients: what is said at every start must be worth it.
        if (bearable < wanted / 2 && _gate.Limit != bearable)
            _logger.FewDescriptors(bearable, wanted);
        _gate.Limit = Math.Min(wanted, bearable);
    }

    /// <summary>
    /// Whether a listener answers a request of our own. The same one each time; after a silence the next: an address that has left the machine
    /// must not count as a dead edge while others serve, and what hangs a process hangs all of them. One call at a time.
    /// </summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        var listeners = _listeners;
        // Another core may listen where this one has left.
        if (listeners.IsEmpty || _stopped)
            return false;
        var outcome = SelfProbe.Outcome.Nothing;
        try
        {
            outcome = await SelfProbe.AskAsync(listeners[(int)(_asked % (uint)listeners.Length)].Address, _gate, cancel);
            return outcome != SelfProbe.Outcome.Nothing;
        }
        finally
        {
            if (outcome == SelfProbe.Outcome.Nothing)
                _asked++;
            else if (outcome == SelfProbe.Outcome.Answered)
                Interlocked.Increment(ref _ownRequests);
        }
    }

    public void AnnounceClose()
    {
        _announcing = true;
        foreach (var listener in _listeners)
            listener.AnnounceClose();
    }

    /// <summary>Stops accepting everywhere, waits for what is in flight, then cuts; how many requests were cut is returned. A second call returns 0.</summary>
    public Task<int> StopAsync(TimeSpan limit, Func<int> inFlight, CancellationToken cancel) =>
        EndAsync(static _ => Task.CompletedTask, limit, inFlight, cancel);

    /// <summary>
    /// Another core accepts from the same sockets: closes ours, lets every client connection come to its end, then does as
    /// <see cref="StopAsync(TimeSpan, Func{int}, CancellationToken)"/> with what is left at the limit.
    /// </summary>
    public Task<int> LeaveAsync(TimeSpan limit, Func<int> inFlight, CancellationToken cancel) => EndAsync(LeaveAsync, limit, inFlight, cancel);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _cut.CancelAsync();
        await LeaveAsync(TimeSpan.Zero, () => 0, new CancellationToken(canceled: true));
        _changing.Dispose();
        _cut.Dispose();
        _spares.Dispose();
    }

    private async Task<int> EndAsync(Func<CancellationToken, Task> first, TimeSpan limit, Func<int> inFlight, CancellationToken cancel)
    {
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            if (_stopped)
                return 0;
            _stopped = true;
            AnnounceClose();
            using var bound = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancel, _cut.Token);
            var cut = 0;
            using var over = new CancellationTokenSource();
            // What is cancelled may go on inline, to the end of this and of who disposes: not before the callback has cancelled all of it.
            var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // Counted before anybody hears of it: what is cut is in flight no more. Registrations are called last first, so there is one.
            await using var ending = either.Token.UnsafeRegister(
                _ =>
                {
                    try
                    {
                        cut = inFlight();
                        over.Cancel();
                        _cut.Cancel();
                    }
                    finally
                    {
                        said.SetResult();
                    }
                },
                null);
            try
            {
                await first(over.Token);
                await Task.WhenAll([.. _listeners.Select(listener => StopAsync(listener, over.Token)), .. _draining]);
            }
            finally
            {
                if (either.IsCancellationRequested)
                    await said.Task;
            }
            return cut;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task LeaveAsync(CancellationToken over)
    {
        await Task.WhenAll(_listeners.Select(listener => listener.LeaveAsync()));
        // Idle connections as well: their clients may be sending the next request at this moment.
        await _gate.WhenEmptyAsync().WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool Same(ListenSpec one, ListenSpec other) => one.Address.Equals(other.Address) && one.Port == other.Port;

    private async Task<ImmutableArray<Listener>> BindAsync(ImmutableArray<ListenSpec> specs, ImmutableArray<Listener> gone, EdgeLimitsSpec limits)
    {
        var bound = new List<Listener>();
        var moved = new List<Listener>();
        try
        {
            foreach (var spec in specs)
            {
                var address = new KeptAddress(spec, sockets);
                bound.Add(new(address, new(await OpenAsync(address, gone, moved), _gate, _spares, time, _logger), limits, logs));
            }
            foreach (var listener in bound)
                listener.Keep();
            return [.. bound];
        }
        catch
        {
            // Not kept yet, or found and kept by somebody for whoever tries next: there is nothing to forget.
            foreach (var listener in bound)
                await listener.DisposeAsync();
            foreach (var listener in moved)
                Reopen(listener);
            throw;
        }
    }

    /// <summary>
    /// A port that only changes its address (127.0.0.1 to 0.0.0.0) cannot be bound twice: the old socket is closed a moment before the new
    /// one is bound. Its connections go on.
    /// </summary>
    private static async Task<Socket> OpenAsync(KeptAddress address, ImmutableArray<Listener> gone, List<Listener> moved)
    {
        try
        {
            return address.Open();
        }
        catch (ListenException error) when (error.IsPortTaken && gone.Any(listener => listener.Spec.Port == address.Spec.Port))
        {
            foreach (var listener in gone.Where(listener => listener.Spec.Port == address.Spec.Port))
            {
                await listener.CloseAsync();
                moved.Add(listener);
            }
            return address.Open();
        }
    }

    private void Reopen(Listener listener)
    {
        try
        {
            listener.Reopen();
        }
        catch (ListenException error)
        {
            _logger.ListenerFailed(listener.Url, error);
        }
    }

    /// <summary>Never faults.</summary>
    private async Task DrainAsync(Listener listener, TimeSpan announce)
    {
        listener.AnnounceClose();
        await listener.StopAcceptingAsync();
        _logger.ListenerGone(listener.Url, _gate.Open);
        // Busy clients learn from their next answer that the connection ends, and go elsewhere before it does.
        await Task.WhenAny(Task.Delay(announce, time, _cut.Token));
        using var bound = new CancellationTokenSource(DrainLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, _cut.Token);
        await StopAsync(listener, either.Token);
    }

    /// <summary>Never faults.</summary>
    private async Task StopAsync(Listener listener, CancellationToken cut)
    {
        try
        {
            await listener.StopAsync(cut);
            await listener.DisposeAsync();
        }
        catch (Exception error)
        {
            _logger.ListenerFailed(listener.Url, error);
        }
    }
}
