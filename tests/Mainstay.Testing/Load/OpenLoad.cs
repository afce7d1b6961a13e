using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mainstay.Testing.Load;

/// <summary>
/// Open-loop load: every request is sent when its schedule says so, whether or not earlier ones were answered, its latency counts from that
/// moment, and its client closes the connection when its patience ends. Connections are kept; nothing is sent twice. The schedule has a
/// thread of its own and reports how late it was, so that a load that could not be made is seen. Ends by itself.
/// </summary>
public sealed class OpenLoad : IAsyncDisposable
{
    /// <summary>More than this at once and requests count as failed without having been sent.</summary>
    private const int MostInFlight = 10_000;

    /// <summary>A server may close what has been idle; a client that sends just then sees it, whatever the server does.</summary>
    private const double LongestIdle = 3;

    /// <summary>Milliseconds. At least one is rested between sendings: to be late by that is cheaper than a core that spins beside what it measures.</summary>
    private const int MostRest = 5;

    private readonly int _port;
    private readonly double _duration;
    private readonly IReadOnlyList<LoadStream> _streams;
    private readonly int[] _numbers;
    private readonly double[] _due;
    private readonly Random _chance;
    private readonly ConcurrentStack<LoadConnection> _idle = new();
    private readonly ConcurrentQueue<OpenSample> _samples = new();
    private readonly PriorityQueue<Flight, double> _patience = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly AutoResetEvent _wake = new(false);
    private volatile bool _stop;
    private int _inFlight;

    private OpenLoad(int port, TimeSpan duration, int seed, IReadOnlyList<LoadStream> streams)
    {
        _port = port;
        _duration = duration.TotalSeconds;
        _streams = streams;
        _chance = new(seed);
        _numbers = new int[streams.Count];
        _due = [.. streams.Select(stream => stream.Next(0, _duration, _chance))];
        new Thread(KeepSchedule) { IsBackground = true, Name = "load" }.Start();
    }

    /// <summary>Begins at once and ends after <paramref name="duration"/>, or earlier when told to.</summary>
    /// <param name="seed">Of the arrivals that are left to chance.</param>
    public static OpenLoad Start(int port, TimeSpan duration, int seed, params IReadOnlyList<LoadStream> streams) => new(port, duration, seed, streams);

    /// <summary>The whole load: see <see cref="Start"/>.</summary>
    public static async Task<OpenLoadReport> RunAsync(int port, TimeSpan duration, int seed, params IReadOnlyList<LoadStream> streams)
    {
        await using var load = Start(port, duration, seed, streams);
        return await load.ReportAsync();
    }

    public double Elapsed => Stopwatch.GetElapsedTime(_began).TotalSeconds;

    /// <summary>When everything that was sent has been answered or given up.</summary>
    public async Task<OpenLoadReport> ReportAsync()
    {
        await _ended.Task;
        return new([.. _streams.Select(stream => stream.Name)], [.. _samples.OrderBy(sample => sample.At)]);
    }

    /// <summary>Sends nothing more, waits for what is under way, and reports.</summary>
    public Task<OpenLoadReport> StopAsync()
    {
        _stop = true;
        _wake.Set();
        return ReportAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _wake.Dispose();
        while (_idle.TryPop(out var connection))
            connection.Dispose();
    }

    private void KeepSchedule()
    {
        while (!_stop)
        {
            var next = Array.IndexOf(_due, _due.Min());
            if (_due[next] >= _duration)
                break;
            if (_due[next] > Elapsed)
            {
                GiveUpWhatIsLate();
                _wake.WaitOne((int)Math.Clamp(Math.Ceiling((_due[next] - Elapsed) * 1000), 1, MostRest));
                continue;
            }
            Send(next, _due[next]);
            _due[next] = _streams[next].Next(_due[next], _duration, _chance);
        }
        while (Volatile.Read(ref _inFlight) > 0)
        {
            GiveUpWhatIsLate();
            _wake.WaitOne(1);
        }
        _ended.SetResult();
    }

    private void Send(int stream, double at)
    {
        if (Volatile.Read(ref _inFlight) >= MostInFlight)
        {
            _samples.Enqueue(new(stream, at, Elapsed - at, 0, LoadResult.Failed, 0, false));
            return;
        }
        Interlocked.Increment(ref _inFlight);
        var flight = new Flight(stream, at, TakeIdle() ?? new());
        _patience.Enqueue(flight, at + _streams[stream].Patience.TotalSeconds);
        _ = ExchangeAsync(flight, _streams[stream].RequestBytes(_numbers[stream]++, _port));
    }

    private LoadConnection? TakeIdle()
    {
        while (_idle.TryPop(out var connection))
        {
            if (Elapsed - connection.IdleSince < LongestIdle)
                return connection;
            connection.Dispose();
        }
        return null;
    }

    private async Task ExchangeAsync(Flight flight, byte[] request)
    {
        var lag = Elapsed - flight.At;
        var answer = await flight.Connection.ExchangeAsync(_port, request, _streams[flight.Stream].Method == "HEAD");
        var took = Elapsed - flight.At;
        bool gaveUp;
        lock (flight)
        {
            flight.Done = true;
            gaveUp = flight.Connection.GivenUp;
        }
        var result = gaveUp ? LoadResult.GaveUp : answer.Status switch
        {
            200 => LoadResult.Good,
            429 or 503 => LoadResult.Refused,
            _ => LoadResult.Failed,
        };
        _samples.Enqueue(new(flight.Stream, flight.At, took, lag, result, answer.Status, answer.RetryAfter));
        if (answer.KeepAlive && !gaveUp)
        {
            flight.Connection.IdleSince = Elapsed;
            _idle.Push(flight.Connection);
        }
        else
            flight.Connection.Dispose();
        Interlocked.Decrement(ref _inFlight);
    }

    private void GiveUpWhatIsLate()
    {
        while (_patience.TryPeek(out var flight, out var until) && (until <= Elapsed || flight.Done))
        {
            _patience.Dequeue();
            lock (flight)
            {
                if (!flight.Done)
                    flight.Connection.GiveUp();
            }
        }
    }

    private sealed class Flight(int stream, double at, LoadConnection connection)
    {
        public int Stream { get; } = stream;

        public double At { get; } = at;

        public LoadConnection Connection { get; } = connection;

        /// <summary>Set under the flight's lock: from then on its connection may belong to another one.</summary>
        public bool Done { get; set; }
    }
}
