using System.Collections.Concurrent;
using System.Diagnostics;
using Mainstay.Testing.Http;

namespace Mainstay.Testing.Load;

/// <summary>
/// Sends requests at a steady rate, whether or not earlier ones were answered (open loop), on kept connections. Never sends one twice:
/// whatever goes wrong counts as a failure with its reason.
/// </summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>More than this at once and the load gives up sending (a failure of its own).</summary>
    private const int MostInFlight = 4000;

    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(40);

    private readonly TimeSpan _patience;

    private readonly int _port;
    private readonly Func<int, HttpCall> _call;
    private readonly Func<HttpCall, HttpAnswer, string?> _judge;
    /// <summary>A server may close what has been idle; a client that sends just then sees it, whatever the server does.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    private readonly ConcurrentStack<(HttpConnection Connection, TimeSpan Since)> _idle = new();
    private readonly ConcurrentBag<LoadSample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Task _sending;
    private readonly bool _looksFirst;
    private int _inFlight;

    private SteadyLoad(int port, double perSecond, Func<int, HttpCall> call, Func<HttpCall, HttpAnswer, string?> judge, TimeSpan patience, bool looksFirst)
    {
        _looksFirst = looksFirst;
        _patience = patience;
        _port = port;
        _call = call;
        _judge = judge;
        _sending = Task.Run(() => SendAllAsync(perSecond));
    }

    /// <summary>Begins at once. <paramref name="judge"/> says what is wrong with an answer, or null; by default only 200 is right. Who waits
    /// longer than <paramref name="patience"/> (40 s by default) goes away. With <paramref name="looksFirst"/> an idle connection is looked at
    /// before it is used again, as clients in the world do; without, a server that closes one unannounced is found out.</summary>
    public static SteadyLoad Start(int port, double perSecond, Func<int, HttpCall> call, Func<HttpCall, HttpAnswer, string?>? judge = null, TimeSpan? patience = null, bool looksFirst = false) =>
        new(port, perSecond, call, judge ?? ((_, answer) => answer.Status == 200 ? null : $"status {answer.Status}"), patience ?? LongPatience, looksFirst);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    public int Answered => _samples.Count;

    /// <summary>Sends nothing more, waits for what is under way, and reports.</summary>
    public async Task<LoadReport> StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        return new([.. _samples.OrderBy(sample => sample.Number)]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        while (_idle.TryPop(out var idle))
            idle.Connection.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync(double perSecond)
    {
        var underWay = new List<Task>();
        for (var number = 0; !_stop.IsCancellationRequested;)
        {
            for (; Elapsed.TotalSeconds * perSecond > number; number++)
            {
                if (Volatile.Read(ref _inFlight) >= MostInFlight)
                    _samples.Add(new(number, Elapsed, TimeSpan.Zero, "the load ran out of places"));
                else
                    underWay.Add(SendOneAsync(number));
            }
            underWay.RemoveAll(task => task.IsCompletedSuccessfully);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
        await Task.WhenAll(underWay);
    }

    private HttpConnection? TakeIdle()
    {
        while (_idle.TryPop(out var idle))
        {
            if (Elapsed - idle.Since < LongestIdle && !(_looksFirst && idle.Connection.IsOver))
                return idle.Connection;
            idle.Connection.Dispose();
        }
        return null;
    }

    private async Task SendOneAsync(int number)
    {
        Interlocked.Increment(ref _inFlight);
        var sentAt = Elapsed;
        var start = Stopwatch.GetTimestamp();
        string? failure;
        HttpConnection? connection = null;
        try
        {
            using var limit = new CancellationTokenSource(_patience, TimeProvider.System);
            connection = TakeIdle() ?? await HttpConnection.OpenAsync(_port, limit.Token);
            var call = _call(number);
            var answer = await connection.SendAsync(call, limit.Token);
            failure = _judge(call, answer);
            if (answer.KeepAlive)
            {
                _idle.Push((connection, Elapsed));
                connection = null;
            }
        }
        catch (OperationCanceledException)
        {
            failure = $"no answer within {_patience.TotalSeconds} s";
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or FormatException)
        {
            failure = e.Message;
        }
        finally
        {
            connection?.Dispose();
            Interlocked.Decrement(ref _inFlight);
        }
        _samples.Add(new(number, sentAt, Stopwatch.GetElapsedTime(start), failure));
    }
}
