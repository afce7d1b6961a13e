using System.Collections.Immutable;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>What is done, in which order and for how long; a function of manifest and budget alone.</summary>
/// <param name="Runs">In order.</param>
/// <param name="Left">What the budget does not allow.</param>
/// <param name="Refused">What is not done for another reason.</param>
internal sealed record ProvePlan(ImmutableArray<PlannedRun> Runs, ImmutableArray<PlannedRun> Left, ImmutableArray<LeftOut> Refused)
{
    /// <summary>For the start of the application, and for finding out how much load it bears.</summary>
    public static readonly TimeSpan Preparation = TimeSpan.FromSeconds(20);

    public TimeSpan Length => Preparation + new TimeSpan(Runs.Sum(run => run.Length.Ticks));

    /// <param name="scope">What there is.</param>
    /// <param name="experiments">All there are.</param>
    /// <param name="only">Names of those wanted; empty: all.</param>
    /// <param name="budget">For everything.</param>
    public static ProvePlan Of(Scope scope, IEnumerable<IExperiment> experiments, IReadOnlyCollection<string> only, TimeSpan budget)
    {
        var runs = ImmutableArray.CreateBuilder<PlannedRun>();
        var left = ImmutableArray.CreateBuilder<PlannedRun>();
        var refused = ImmutableArray.CreateBuilder<LeftOut>();
        var spent = Preparation;
        foreach (var experiment in experiments.Where(experiment => only.Count == 0 || only.Contains(experiment.Name)))
        {
            var subjects = experiment.Subjects(scope).ToList();
            if (subjects.Count == 0 && only.Count > 0)
                refused.Add(new(experiment.Name, $"it applies to {experiment.AppliesTo}, and there are none"));
            foreach (var subject in subjects)
            {
                var run = new PlannedRun(experiment, subject.Name, experiment.Length(scope));
                if (subject.Refusal is { } reason)
                    refused.Add(new(run.Title, reason));
                else if (spent + run.Length > budget)
                    left.Add(run);
                else
                {
                    spent += run.Length;
                    runs.Add(run);
                }
            }
        }
        return new(runs.ToImmutable(), left.ToImmutable(), refused.ToImmutable());
    }
}

/// <summary>One experiment on one subject.</summary>
internal sealed record PlannedRun(IExperiment Experiment, string Subject, TimeSpan Length)
{
    public string Title => Subject.Length == 0 ? Experiment.Name : $"{Experiment.Name} {Subject}";
}
