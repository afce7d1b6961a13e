using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

/// <summary>What one replica's books say, whatever is told to them.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 300, EndSize = 400)]
public sealed class BalancingPropertyTests
{
    /// <param name="Kind">What happens.</param>
    /// <param name="Value">A latency, a penalty, or chance.</param>
    /// <param name="Wait">Since the step before.</param>
    public sealed record Step(byte Kind, ushort Value, byte Wait);

    [Property]
    public bool An_estimate_is_never_negative_and_never_above_the_worst_that_was_seen(Step[] steps)
    {
        var ewma = new PeakEwma(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30));
        double now = 7, worst = 0.03;
        foreach (var step in steps)
        {
            now += step.Wait < 20 ? -0.002 : step.Wait / 255.0 * 3;
            var seconds = step.Value / 1000.0;
            worst = Math.Max(worst, seconds);
            if (step.Kind % 4 == 0)
                ewma.Penalize(seconds, now);
            else
                ewma.Record(seconds, now);
            foreach (var later in (double[])[0, 0.1, 10, 1e6])
            {
                if (!(ewma.SecondsAt(now + later) >= 0) || ewma.SecondsAt(now + later) > ewma.Seconds)
                    return false;
            }
            if (ewma.Seconds > worst + 1e-9 || (step.Kind % 4 == 0 && ewma.Seconds < seconds))
                return false;
        }
        return true;
    }

    [Property]
    public bool An_ejection_lasts_as_long_as_allowed_and_ends_by_one_trial(Step[] steps)
    {
        var policy = new EjectionPolicy();
        var state = new EjectionState(policy);
        var onTrial = false;
        double now = 7, began = 0;
        foreach (var step in steps)
        {
            now += step.Wait < 8 ? 20 : step.Wait / 255.0;
            var chance = step.Value / 65536.0;
            var wasEjected = state.IsEjected;
            switch (step.Kind % 8)
            {
                case < 4:
                    var cause = state.Record(success: step.Kind % 8 == 0, now);
                    if (wasEjected && cause != EjectionCause.None)
                        return false;
                    if (wasEjected && step.Kind % 8 == 0 && state.IsEjected)
                        return false; // a success lets it in
                    if (cause != EjectionCause.None)
                    {
                        state.Eject(cause, now, chance);
                        began = now;
                    }
                    onTrial &= state.IsEjected;
                    break;
                case < 6:
                    var due = state.IsTrialDue(now);
                    var begun = state.TryBeginTrial(now);
                    if (begun != due || (begun && (onTrial || !wasEjected || now < state.Until)))
                        return false;
                    onTrial |= begun;
                    break;
                case 6 when onTrial:
                    state.FailTrial(now, chance);
                    (onTrial, began) = (false, now);
                    break;
                case 7 when onTrial:
                    state.ForgetTrial();
                    onTrial = false;
                    break;
            }
            if (state.IsEjected && state.Until - began is var lasts && (lasts < policy.Shortest - 1e-9 || lasts > policy.Longest * (1 + policy.Jitter)))
                return false;
            var (share, samples) = state.Success(now);
            if (share is < 0 or > 1 || samples < 0)
                return false;
        }
        return true;
    }

    /// <summary>Whoever is ejected, at least half of the fleet gets requests.</summary>
    [Property]
    public bool At_least_half_of_a_fleet_is_used(byte all, byte ejected)
    {
        var available = Math.Max(0, all - ejected);
        var used = available == 0 || EjectionPolicy.UsesAll(available, all) ? all : available;
        return used * 2 >= all;
    }

    [Property]
    public bool Weights_are_shares(ushort age, byte window) =>
        new SlowStart(TimeSpan.FromSeconds(1 + window)).Weight(age / 100.0) is >= SlowStart.Least and <= 1;
}
