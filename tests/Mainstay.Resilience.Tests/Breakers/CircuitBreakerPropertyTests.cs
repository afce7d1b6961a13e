using FsCheck.Xunit;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Breakers;

/// <summary>A breaker under arbitrary traffic: requests overlap, come back late, or never.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 300, EndSize = 600)]
public sealed class CircuitBreakerPropertyTests(ITestOutputHelper output)
{
    /// <param name="Kind">A request comes, or one of those on their way comes back.</param>
    /// <param name="Who">Which one.</param>
    /// <param name="Wait">Since the step before.</param>
    public sealed record Step(byte Kind, byte Who, byte Wait);

    private static readonly BreakerPolicy Policy = new();

    [Property]
    public void Only_legal_changes_and_one_trial_at_a_time(Step[] steps) => Run(steps);

    [Fact]
    public void Chance_opens_it_tries_it_and_closes_it()
    {
        var dice = new Dice(2);
        var trials = 0;
        var opened = 0;
        for (var run = 0; run < 100; run++)
        {
            var seen = Run([.. Enumerable.Range(0, 500).Select(_ => new Step((byte)dice.Below(256), (byte)dice.Below(256), (byte)dice.Below(256)))]);
            trials += seen.Trials;
            opened += seen.Opened;
        }
        output.WriteLine($"opened {opened} times, {trials} trials");
        Assert.True(opened >= 50 && trials >= 100);
    }

    private static (int Trials, int Opened) Run(Step[] steps)
    {
        var breaker = new CircuitBreaker(Policy, new Dice(steps.Length));
        var under = new List<BreakerPass>();
        (double At, BreakerPass Pass)? trial = null;
        var isOpen = false;
        var row = 0;
        double now = 1, notBefore = 0;
        int trials = 0, opened = 0;
        foreach (var step in steps)
        {
            now += step.Wait / (steps.Length % 2 == 0 ? 255.0 : 1200); // a row may be long and yet take no time
            if (step.Kind % 2 == 0 || under.Count == 0)
            {
                var pass = breaker.TryEnter(now);
                switch (pass.Entry)
                {
                    case BreakerEntry.Closed:
                        Assert.False(isOpen, "it let all through while open");
                        break;
                    case BreakerEntry.Open:
                        Assert.True(isOpen, "it refused while closed");
                        Assert.True(breaker.RetryAfter(now) > 0, "it refused and says that one may come");
                        break;
                    case BreakerEntry.Trial:
                        Assert.True(isOpen, "a trial while closed");
                        Assert.True(now >= notBefore - 1e-9, "a trial before its time");
                        Assert.True(trial is null || now - trial.Value.At >= Policy.TrialPatience - 1e-9, "two trials at a time");
                        Assert.Equal(BreakerMode.HalfOpen, breaker.State(now).Mode);
                        trial = (now, pass);
                        trials++;
                        break;
                }
                if (pass.MayGo)
                    under.Add(pass);
                continue;
            }
            var back = under[step.Who % under.Count];
            under.Remove(back);
            var wasTrial = trial?.Pass == back;
            // Nearly all fail: else it would hardly ever open.
            if (step.Kind % 16 == 1)
            {
                var change = breaker.Succeed(back, now);
                row = 0;
                if (back.Entry != BreakerEntry.Trial || !isOpen)
                    Assert.Null(change);
                if (wasTrial && isOpen)
                    Assert.Equal(BreakerMode.Closed, change?.To);
                if (change is { } closed)
                {
                    Assert.Equal(BreakerMode.Closed, closed.To);
                    (isOpen, trial) = (false, null);
                }
            }
            else if (step.Kind % 16 == 3)
            {
                breaker.GiveBack(back, now);
                if (wasTrial)
                    (trial, notBefore) = (null, now);
            }
            else
            {
                row++;
                if (breaker.Fail(back, now) is { } change)
                {
                    Assert.Equal(BreakerMode.Open, change.To);
                    Assert.InRange(change.OpenFor, Policy.Shortest, Policy.Longest * (1 + Policy.Jitter));
                    if (!isOpen)
                    {
                        Assert.True(row >= Policy.QuickFailures && change.Span >= Policy.Span, "it opened too soon");
                        opened++;
                    }
                    (isOpen, trial, notBefore) = (true, null, now + change.OpenFor);
                }
                else if (wasTrial)
                {
                    Assert.False(isOpen, "a failed trial changed nothing");
                }
            }
            Assert.Equal(isOpen, breaker.State(now).Mode != BreakerMode.Closed);
        }
        return (trials, opened);
    }
}
