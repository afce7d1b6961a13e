using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Resources;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>The replicas, with all their processes, may open only a few more files and connections than they have.</summary>
internal sealed record TakeDescriptors(string Service, bool All, int Spare) : OwnFault
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public override string Does => $"leaves {(All ? "each replica" : "one replica")} of {Service} {Words}";

    private string Words => Spare switch { 0 => "no free descriptor", 1 => "1 free descriptor", _ => $"{Spare} free descriptors" };

    public override string? Refusal(Scope scope) => Deed.ServiceRefusal(scope, Service);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        var victims = run.Victims(Service, All);
        if (victims.Count == 0)
        {
            course.Trouble($"no replica of {Service} was ready to run out of descriptors");
            return null;
        }
        var limits = new List<(string Name, DescriptorLimits Limits)>();
        var reached = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, process) in victims)
                limits.Add((name, DescriptorLimits.Lower(process, Spare, course.Bench.Guard)));
            run.On(Service, string.Join(", ", limits.Select(one => $"{one.Name}: {Words} for {(one.Limits.Processes == 1 ? "its process" : $"each of its {one.Limits.Processes} processes")}")));
            var start = course.Time.GetTimestamp();
            while (course.Time.GetElapsedTime(start) < length)
            {
                reached.UnionWith(limits.Where(one => one.Limits.Fewest <= 0).Select(one => one.Name));
                await course.RestAsync(Look, cancel);
            }
        }
        catch (IOException refused)
        {
            course.Trouble(refused.Message);
            return null;
        }
        finally
        {
            limits.ForEach(one => one.Limits.Dispose());
        }
        run.Off(Service, "the limits are as before");
        return reached.Count > 0 ? $"{string.Join(", ", reached)} had none left" : null;
    }
}
