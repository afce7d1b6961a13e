using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Notifying;

/// <summary>
/// Gives the service manager signs of life, but only while requests can really be served: before each the edge must have answered a
/// request of ours. A process that exists and does nothing is then restarted instead of kept.
/// </summary>
/// <param name="pace">How often.</param>
/// <param name="probe">Whether the edge answers; cancelled when it has taken too long.</param>
/// <param name="ping">The sign of life.</param>
internal sealed class Watchdog(WatchdogPace pace, Func<CancellationToken, Task<bool>> probe, Action ping, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private volatile bool _isStopping;

    /// <summary>From now on every interval gets its sign of life: nothing listens any more, and how long a stop may take is limited by other means.</summary>
    public void Stopping() => _isStopping = true;

    /// <summary>Until cancelled; never faults.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var wasSilent = false;
        while (!cancel.IsCancellationRequested)
        {
            var answered = await AnswersAsync(cancel) || _isStopping;
            if (answered)
                ping();
            if (!cancel.IsCancellationRequested && !_isStopping && answered == wasSilent)
            {
                wasSilent = !answered;
                if (wasSilent)
                    log.EdgeSilent(Patience.TotalSeconds);
                else
                    log.EdgeAnswers();
            }
            await Task.WhenAny(Task.Delay(answered ? pace.Interval : pace.Again, time, cancel));
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        if (_isStopping)
            return true;
        using var tooLong = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancel);
        try
        {
            // The probe's own word is not needed for this: one that hangs and cannot be cancelled counts as silence, too.
            return await probe(either.Token).WaitAsync(either.Token);
        }
        catch (Exception)
        {
            // Whatever it was, it was no answer. A watchdog that died of it would end a process that may well serve.
            return false;
        }
    }
}
