using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Resources;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>The replicas may open only a few more files and connections than they have.</summary>
internal sealed record TakeDescriptors(string Service, bool All, int Spare) : OwnFault
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public override string Does => $"leaves {(All ? "each replica" : "one replica")} of {Service} {Spare} free descriptors";

    public override string? Refusal(Scope scope) => Deed.ServiceRefusal(scope, Service);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        var limits = new List<(string Name, DescriptorLimit Limit)>();
        var reached = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, process) in run.Victims(Service, All))
                limits.Add((name, DescriptorLimit.Lower(process, Spare, course.Bench.Guard)));
            run.On(Service, string.Join(", ", limits.Select(one => $"{one.Name}: {one.Limit.Lowered} descriptors instead of {one.Limit.Before}")));
            var start = course.Time.GetTimestamp();
            while (course.Time.GetElapsedTime(start) < length)
            {
                reached.UnionWith(limits.Where(one => one.Limit.Free <= 0).Select(one => one.Name));
                await course.RestAsync(Look, cancel);
            }
        }
        finally
        {
            limits.ForEach(one => one.Limit.Dispose());
        }
        run.Off(Service, "the limits are as before");
        return reached.Count > 0 ? $"{string.Join(", ", reached)} had none left" : null;
    }
}
