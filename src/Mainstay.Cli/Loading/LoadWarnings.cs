using Mainstay.Prove.Load;

namespace Mainstay.Cli.Loading;

/// <summary>What casts doubt on the figures of a load.</summary>
internal static class LoadWarnings
{
    private const double Noticeable = 0.001;
    private const double Share = 0.05;

    public static IEnumerable<string> Of(LoadPlan plan, LoadTotals totals, double lagP99)
    {
        if (lagP99 > Math.Max(Noticeable, totals.All.P50 * Share))
        {
            yield return $"the schedule was not kept: 1 % of the requests were begun {Milliseconds.Of(lagP99)} late or more, which counts in their latency; "
                + "send fewer, or leave the machine to the load and the server";
        }
        if (totals.WaitP99 > lagP99 + Noticeable || totals.Fates.ContainsKey(Prove.Recording.Fate.NotSent))
        {
            yield return $"requests waited for a connection, 1 % of them {Milliseconds.Of(totals.WaitP99)} or more, which counts in their latency: "
                + $"up to {plan.Connections} connections were allowed (--connections), or the server was slow to accept them";
        }
    }
}
