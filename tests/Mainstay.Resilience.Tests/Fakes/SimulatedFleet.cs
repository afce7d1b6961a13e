using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>
/// Replicas behind the edge's balancer, in its own order: an ejected one whose trial is due first, else two by chance, of them the cheaper one
/// by peak latency and what is in flight, by their weights; whoever fails is avoided by the next attempt.
/// </summary>
internal sealed class SimulatedFleet(VirtualTime time, Dice dice, params SimulatedReplica[] replicas) : ISimulatedService
{
    /// <summary>A failure, however quick, counts as so many seconds.</summary>
    private const double Penalty = 5;

    public SimulatedReplica[] Replicas => replicas;

    /// <summary>Null: every retry is made.</summary>
    public RetryBudget? Budget { get; set; } = new();

    /// <summary>Further attempts of a request at most, without any wait between them.</summary>
    public int MostRetries { get; set; } = 2;

    public int Requests { get; private set; }

    /// <summary>When each was made.</summary>
    public List<double> Attempts { get; } = [];

    /// <summary>What the fleet's books say at a moment, for properties.</summary>
    public int Usable => Eligible([]).Count;

    public void Take(Action<bool> done, double factor = 1)
    {
        Requests++;
        Budget?.Earn(time.Now);
        Try(done, factor, []);
    }

    private void Try(Action<bool> done, double factor, List<SimulatedReplica> tried)
    {
        if (Pick(tried, out var isTrial) is not { } replica)
        {
            done(false);
            return;
        }
        Attempts.Add(time.Now);
        replica.Take(Ended, factor);

        void Ended(bool isGood, double latency)
        {
            Note(replica, isGood, latency, isTrial);
            tried.Add(replica);
            if (isGood || tried.Count > MostRetries || Budget?.TrySpend(time.Now) == false)
                done(isGood);
            else
                Try(done, factor, tried);
        }
    }

    private SimulatedReplica? Pick(List<SimulatedReplica> tried, out bool isTrial)
    {
        isTrial = false;
        if (tried.Count == 0 && Array.Find(replicas, replica => replica.IsServing && replica.Ejection.IsTrialDue(time.Now)) is { } due)
        {
            isTrial = due.Ejection.TryBeginTrial(time.Now);
            return due;
        }
        var eligible = Eligible(tried);
        if (eligible.Count < 2)
            return eligible.FirstOrDefault();
        var (first, second) = PowerOfTwoChoices.Draw(eligible.Count, dice);
        var (one, two) = (eligible[first], eligible[second]);
        return PowerOfTwoChoices.FirstWins(one.Cost(two), one.Weight, two.Cost(one), two.Weight, dice) ? one : two;
    }

    private List<SimulatedReplica> Eligible(List<SimulatedReplica> tried)
    {
        var serving = replicas.Where(replica => replica.IsServing).ToList();
        var available = serving.Count(replica => !replica.Ejection.IsEjected);
        var all = available == 0 || EjectionPolicy.UsesAll(available, serving.Count);
        var fresh = serving.Where(replica => !tried.Contains(replica)).ToList();
        if (fresh.Count == 0)
            fresh = serving;
        var wanted = fresh.Where(replica => all || !replica.Ejection.IsEjected).ToList();
        return wanted.Count > 0 ? wanted : fresh;
    }

    private void Note(SimulatedReplica replica, bool isGood, double latency, bool wasTrial)
    {
        var now = time.Now;
        if (isGood)
            replica.Latency.Record(latency, now);
        else
            replica.Latency.Penalize(Penalty, now);
        var cause = replica.Ejection.Record(isGood, now);
        if (wasTrial && !isGood)
            replica.Ejection.FailTrial(now, dice.Unit());
        var others = replicas.Where(other => other != replica && other.IsServing && !other.Ejection.IsEjected).ToList();
        if (cause == EjectionCause.None || others.Count == 0)
            return;
        // A failure that the others give as well is the application's.
        if (!replica.IsDown && others.TrueForAll(other => other.Ejection.Success(now).Share < new EjectionPolicy().LeastSuccess))
            return;
        replica.Ejection.Eject(cause, now, dice.Unit());
        replica.Ejected++;
    }
}
