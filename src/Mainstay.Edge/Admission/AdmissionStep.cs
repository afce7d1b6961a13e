using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>
/// Lets a request in when its service has room for it: waits in the order of priorities, or refuses at once what could only be answered too
/// late. What fails all the time is not even asked.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="forward">The next step.</param>
internal sealed class AdmissionStep(TimeProvider time, Func<Exchange, ValueTask> forward)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AdmitAsync(Exchange exchange)
    {
        var facts = exchange.Facts;
        if (facts.Route?.Admission is not { } admission)
        {
            await forward(exchange);
            return;
        }
        if (!await BodyArrival.WaitAsync(exchange, time))
            return;
        var now = time.Seconds();
        // In a planned gap nobody is asked anyway: what would be refused waits for the new replica instead.
        var isHeld = facts.Route.Service is { Room.IsHeld: true };
        var pass = isHeld && !admission.Breaker.IsClosed ? admission.Breaker.EnterHeld() : admission.Breaker.TryEnter(now);
        if (!pass.MayGo)
        {
            await Degrade.AnswerAsync(exchange, 503, "The service has been failing; it was not asked again.", TimeSpan.FromSeconds(admission.Breaker.RetryAfter(now)));
            return;
        }
        var place = facts.Place;
        place.Begin(admission, pass);
        try
        {
            if (admission.Keeper is { } keeper)
            {
                var answer = place.Ask(keeper, facts.Deadline(time), now);
                if (answer == AdmissionAnswer.Queued)
                    answer = await place.DecisionAsync(keeper, exchange.ClientGone);
                if (answer != AdmissionAnswer.Admitted)
                {
                    await RefuseAsync(exchange, keeper, answer);
                    return;
                }
            }
            await forward(exchange);
        }
        finally
        {
            place.Leave();
        }
    }

    private static ValueTask RefuseAsync(Exchange exchange, Gatekeeper keeper, AdmissionAnswer answer)
    {
        if (exchange.ClientGone.IsCancellationRequested)
        {
            exchange.Abort();
            return ValueTask.CompletedTask;
        }
        return Degrade.AnswerAsync(
            exchange,
            503,
            answer == AdmissionAnswer.TooLate
                ? "The service is too busy to answer within the request's time."
                : "The service is overloaded: this request was refused at once, so that others are answered.",
            TimeSpan.FromSeconds(keeper.Gate.RetryAfter(keeper.Now)));
    }
}
