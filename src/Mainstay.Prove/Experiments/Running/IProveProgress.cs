using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Told how a run goes, in order; must not block.</summary>
internal interface IProveProgress
{
    /// <summary>Before anything is sent or broken.</summary>
    void Announce(ProvePlan plan, Scope scope, IReadOnlyList<LeftOut> leftOut);

    void Measured(LoadLevel level);

    void Begins(PlannedRun run, int number, int of);

    /// <summary>It turned out that it has nothing to say of this application.</summary>
    void LeftOut(PlannedRun run, string why);

    void Ended(PlannedRun run, History history);
}
