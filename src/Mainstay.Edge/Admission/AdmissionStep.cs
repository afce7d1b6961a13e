using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;
using GateAnswer = Mainstay.Resilience.Queues.Admission;

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
        if (exchange.Facts.Route?.Admission is not { } admission)
        {
            await forward(exchange);
            return;
        }
        var facts = exchange.Facts;
        var place = facts.Place;
        var deadline = time.Seconds(facts.Arrived) + facts.Timeout.TotalSeconds;
        var answer = place.Ask(admission, deadline, time.Seconds());
        if (answer == GateAnswer.Queued)
            answer = await place.DecisionAsync(admission, exchange.ClientGone);
        if (answer != GateAnswer.Admitted)
        {
            await RefuseAsync(exchange, admission, answer);
            return;
        }
        try
        {
            await forward(exchange);
        }
        finally
        {
            place.Leave();
        }
    }

    private ValueTask RefuseAsync(Exchange exchange, RouteAdmission admission, GateAnswer answer)
    {
        if (exchange.ClientGone.IsCancellationRequested)
        {
            exchange.Abort();
            return ValueTask.CompletedTask;
        }
        var wait = TimeSpan.FromSeconds(admission.Keeper.Gate.RetryAfter(time.Seconds()));
        return ProblemAnswer.WriteAsync(exchange, 503, answer == GateAnswer.TooLate
            ? "The service is too busy to answer within the request's time."
            : "The service is overloaded; this request was refused at once so that others are answered.", wait);
    }
}
