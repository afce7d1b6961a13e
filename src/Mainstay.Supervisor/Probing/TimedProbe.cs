using System.Net.Sockets;
using Mainstay.Contracts.Processes;

namespace Mainstay.Supervisor.Probing;

/// <summary>What all probes over the network share: the time limit, and failures put into words.</summary>
internal abstract class TimedProbe(TimeProvider time) : IProbe
{
    /// <summary>What is asked, such as <c>GET /readyz</c>; begins the reason of a failure.</summary>
    protected abstract string Question { get; }

    protected abstract Task<ProbeResult> AskAsync(CancellationToken cancel);

    /// <summary>
    /// Leaves the thread that completed the socket's operation before it returns: with inline completions that is the poller of every
    /// connection of the edge, and what follows an answer may look through the whole process table.
    /// </summary>
    public async Task<ProbeResult> AskAsync(TimeSpan timeout, CancellationToken cancel)
    {
        var result = await AskInTimeAsync(timeout, cancel);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return result;
    }

    private async Task<ProbeResult> AskInTimeAsync(TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await AskAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeResult.Bad($"{Question} got no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception failure) when (failure is SocketException or IOException or HttpRequestException && OwnShortage.Is(failure))
        {
            return ProbeResult.NotAsked($"{Question} could not be asked: Mainstay can open no more files or connections");
        }
        catch (Exception failure) when (failure is SocketException or IOException or HttpRequestException)
        {
            var refused = failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };
            return new(false, refused ? "nothing listens on its port" : $"{Question} failed: {Brief(failure)}", refused);
        }
    }

    private static string Brief(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        var line = message.AsSpan(0, message.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? end : message.Length);
        return line.ToString();
    }
}
