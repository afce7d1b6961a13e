using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Control;

/// <summary>The command line's end of the control socket.</summary>
internal static class ControlClient
{
    /// <summary>For so long nothing need be said.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>The answer to a request, event by event; the last one has an exit code. Fails if no Mainstay runs in that folder, and with <see cref="CoreLost"/> if it hangs up.</summary>
    /// <param name="place">Where it runs.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <param name="time">With it, whoever waits is told so when no answer begins; without, for answers that may begin late.</param>
    public static async IAsyncEnumerable<ControlEvent> AskAsync(
        Place place, ControlRequest request, [EnumeratorCancellation] CancellationToken cancel, TimeProvider? time = null)
    {
        using var connection = await ConnectAsync(place, cancel) ?? throw NotRunning(place);
        await Lost(connection.SendAsync(request, ControlJson.Default.ControlRequest, cancel), place);
        for (var isFirst = true; ; isFirst = false)
        {
            var receiving = Lost(connection.ReceiveAsync(ControlJson.Default.ControlEvent, cancel), place);
            if (isFirst && time is not null && await Task.WhenAny(receiving, Task.Delay(Silence, time, CancellationToken.None)) != receiving)
                yield return new(Progress: "no answer yet: Mainstay is busy, or has no core at the moment (its terminal says why); waiting for it");
            var next = await receiving
                ?? throw new CoreLost($"the Mainstay of {place.Directory} hung up before it had answered; see what it said in its terminal");
            yield return next;
            if (next.Exit is not null)
                yield break;
        }
    }

    /// <summary>Who runs in that folder; null if nobody answers within <paramref name="patience"/>.</summary>
    public static async Task<ControlHello?> GreetAsync(Place place, TimeSpan patience, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(patience, time);
        try
        {
            await foreach (var next in AskAsync(place, new(ControlProtocol.Version, "hello"), limit.Token))
            {
                if (next.Hello is not null)
                    return next.Hello;
            }
        }
        catch (Exception unanswered) when (unanswered is CommandFailure or OperationCanceledException)
        {
            // Nobody there, or nobody who talks.
        }
        return null;
    }

    public static CommandFailure NotRunning(Place place) =>
        CommandFailure.Failed($"no Mainstay is running for {place.Directory}; start it with 'mainstay up'");

    /// <summary>The first that answers; null if none does.</summary>
    private static async Task<ControlConnection?> ConnectAsync(Place place, CancellationToken cancel)
    {
        foreach (var path in ControlAddress.Find(place.StateDirectory, Environment.GetEnvironmentVariable))
        {
            if (await ConnectAsync(place, path, cancel) is { } connected)
                return connected;
        }

        return null;
    }

    private static async Task<ControlConnection?> ConnectAsync(Place place, string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new(socket);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            return refused.SocketErrorCode == SocketError.AccessDenied
                ? throw CommandFailure.Failed($"the Mainstay of {place.Directory} belongs to another user: permission denied on {path}")
                : null;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task Lost(Task task, Place place)
    {
        try
        {
            await task;
        }
        catch (SocketException)
        {
            throw HungUp(place);
        }
    }

    private static async Task<T> Lost<T>(Task<T> task, Place place)
    {
        try
        {
            return await task;
        }
        catch (SocketException)
        {
            throw HungUp(place);
        }
        catch (ProtocolViolation wrong)
        {
            throw CommandFailure.Failed($"the Mainstay of {place.Directory} answered something unexpected: {wrong.Message}");
        }
    }

    private static CoreLost HungUp(Place place) => new($"the Mainstay of {place.Directory} hung up; is it too busy, or of another user?");
}
