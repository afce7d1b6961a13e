using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Prove.Tests.Storms.Counting;

/// <summary>What makes a second good or bad.</summary>
public sealed class StormCountTests
{
    private const long Second = 1_000_000;
    private const long Start = 4 * Second;

    private static readonly StreamSpec[] Streams = [new("GET", "/") { ExpectedStatus = 200 }];

    /// <summary>The overload is the third second.</summary>
    private static readonly StormWindow Window = new(Start, 4, Start + (2 * Second), Start + (3 * Second));

    [Fact]
    public void A_second_is_good_when_everything_due_in_it_was_answered_well_within_a_second()
    {
        var seconds = StormCount.Of([Answered(0, 0.1), Answered(0.99, 1), Answered(1.5, 0.02)], Streams, Window with { Seconds = 2 });
        Assert.Equal([new(0, 2, 2, 0, 0, 0), new(1, 1, 1, 0, 0, 0)], seconds);
        Assert.All(seconds, second => Assert.True(second.IsGood));
    }

    [Theory]
    [InlineData(200, 1.001)]
    [InlineData(404, 0.1)]
    [InlineData(502, 0.1)]
    [InlineData(201, 0.1)]
    public void One_request_that_was_late_or_wrong_spoils_its_second_only(int status, double took)
    {
        var seconds = StormCount.Of([Answered(0.2, 0.1), Answered(1, 0.1), Answered(1.9, took, status)], Streams, Window);
        Assert.Equal((true, false), (seconds[0].IsGood, seconds[1].IsGood));
    }

    [Theory]
    [InlineData(nameof(Fate.Refused))]
    [InlineData(nameof(Fate.Reset))]
    [InlineData(nameof(Fate.TimedOut))]
    [InlineData(nameof(Fate.NotSent))]
    [InlineData(nameof(Fate.Malformed))]
    public void A_request_without_an_answer_has_failed(string name)
    {
        var fate = Enum.Parse<Fate>(name);
        var at = Start + (Second / 2);
        var second = StormCount.Of([new(0, at, at, -1, at + 1000, 0, fate, -1)], Streams, Window)[0];
        Assert.Equal((1, 1, false), (second.Due, second.Failed, second.IsGood));
    }

    [Theory]
    [InlineData(2, 0.05, 503, 1, true)]
    [InlineData(2.999, 0.01, 429, 0, true)]
    [InlineData(2, 0.051, 503, 1, false)]
    [InlineData(2, 0.01, 503, -1, false)]
    [InlineData(2, 0.01, 502, 1, false)]
    [InlineData(1.99, 0.01, 503, 1, false)]
    [InlineData(3, 0.01, 503, 1, false)]
    public void A_refusal_costs_nothing_only_in_the_overload_and_fast_and_with_Retry_After(double at, double took, int status, int retryAfter, bool isGood)
    {
        var second = StormCount.Of([Answered(at, took, status, retryAfter)], Streams, Window)[(int)at];
        Assert.Equal((isGood ? 1 : 0, isGood ? 0 : 1, isGood), (second.Refused, second.Failed, second.IsGood));
    }

    [Fact]
    public void Before_the_overload_has_begun_every_refusal_is_a_failure()
    {
        var second = StormCount.Of([Answered(2.5, 0.01, 503, 1)], Streams, new StormWindow(Start, 4))[2];
        Assert.Equal(1, second.Failed);
    }

    [Fact]
    public void A_second_without_requests_is_not_good()
    {
        var seconds = StormCount.Of([Answered(1, 0.1)], Streams, Window with { Seconds = 2 });
        Assert.Equal((false, true), (seconds[0].IsGood, seconds[1].IsGood));
    }

    [Fact]
    public void What_was_due_before_or_after_the_storm_or_was_cut_off_does_not_count()
    {
        var at = Start + 10;
        var seconds = StormCount.Of(
            [Answered(-0.001, 0.1, 500), Answered(4, 0.1, 500), new(0, at, at, -1, at + 1000, 0, Fate.Cut, -1), Answered(0, 0.1)], Streams, Window);
        Assert.Equal((4, 1), (seconds.Length, seconds.Sum(second => second.Due)));
        Assert.True(seconds[0].IsGood);
    }

    [Fact]
    public void The_score_adds_up()
    {
        var seconds = StormCount.Of(
            [Answered(0, 0.1), Answered(1, 1.5), Answered(1.1, 0.1, 500), Answered(2, 0.01, 503, 1), Answered(3, 0.1)], Streams, Window);
        Assert.Equal(new StormScore(Seconds: 4, Good: 3, Requests: 5, Refused: 1, Slow: 1, Failed: 1), StormScore.Of(seconds));
    }

    private static Sample Answered(double at, double took, int status = 200, int retryAfter = -1)
    {
        var due = Start + (long)Math.Round(at * Second);
        var end = due + (long)Math.Round(took * Second);
        return new(0, due, due, end, end, (short)status, Fate.Answered, (short)retryAfter);
    }
}
