using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

/// <summary>What is noted of the attempt that is not the answer.</summary>
public sealed class LosersTests
{
    [Fact]
    public async Task One_whose_time_was_up_has_failed_though_the_other_ones_refusal_is_the_answer()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("busy", after: 0.2, status: 503), HedgedPair.Hang());
        pair.Bench.Route = pair.Bench.Route with { AttemptTimeout = TimeSpan.FromSeconds(0.3) };

        var exchange = await pair.SendAsync();

        Assert.Equal((503, 2, 2L), (exchange.Answer.Status, pair.Attempts, pair.Bench.Set.Totals.Failures));
    }

    [Fact]
    public async Task While_one_is_slow_to_end_the_winner_is_not_moved_elsewhere()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isCut = false;
        await using var pair = new HedgedPair(
            async (_, attempt, cancel) =>
            {
                await ReplicaInMemory.Hang(attempt, cancel).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Volatile.Write(ref isCut, true);
                await ended.Task;
                cancel.ThrowIfCancellationRequested();
            },
            HedgedPair.Answer("second"));
        var exchange = pair.Request();
        var sending = pair.Bench.SendAsync(exchange);
        await pair.Bench.UntilAsync(ForwardingBench.EventuallyAsync(() => Volatile.Read(ref isCut)), TimeSpan.FromSeconds(20));

        var winner = Assert.Single(
            pair.Bench.Set.Serving.ToArray().SelectMany(upstream => upstream.Flights(onlyThoseThatEndOnDrain: false)),
            flying => ((Leg)flying.Flight).Attempt.Failure == AttemptFailure.None && ((Leg)flying.Flight).Cause == CutCause.None);
        var isMoved = winner.Flight.TryMove(winner.Turn);

        ended.SetResult();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((false, "second"), (isMoved, await exchange.TextAsync()));
    }
}
