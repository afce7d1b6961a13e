using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Resources;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>A process in the group of one replica grows to a size: to Mainstay the replica leaks.</summary>
internal sealed record GrowMemory(string Service, int Megabytes) : OwnFault
{
    public override string Does => $"lets one replica of {Service} grow by {Megabytes} MiB";

    public override string? Refusal(Scope scope) => Deed.ServiceRefusal(scope, Service);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        if (run.Victims(Service, all: false) is not [var victim])
        {
            course.Trouble($"no replica of {Service} was ready to grow");
            return null;
        }
        await using var ballast = MemoryBallast.Start(victim.Process, Megabytes, course.Time);
        run.On(Service, $"{victim.Name} grows by {Megabytes} MiB");
        var grown = await ballast.GrowAsync(Megabytes, cancel);
        var held = ballast.Megabytes;
        await course.RestAsync(length, cancel);
        run.Off(Service, grown ? $"{victim.Name} is as large as before" : $"{victim.Name} was ended at {held} MiB more");
        return held > 0 ? $"{victim.Name} grew by {held} MiB{(grown ? "" : " and was ended")}" : null;
    }
}
