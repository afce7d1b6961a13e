using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>A folder of the replicas lies on a small disk, which becomes full.</summary>
/// <param name="Service">Whose replicas.</param>
/// <param name="All">The disk of each, or that of one.</param>
/// <param name="Folder">As written: absolute, or below the service's directory. Null: the temporary folder.</param>
internal sealed record FillDisk(string Service, bool All, string? Folder) : OwnFault
{
    public override string Does => $"lets {Folder ?? "the temporary folder (TMPDIR)"} of {(All ? "all replicas" : "one replica")} of {Service} become full";

    /// <summary>The application is started anew, on the small disk.</summary>
    public override TimeSpan Preparing => TimeSpan.FromSeconds(5);

    public override string? Refusal(Scope scope)
    {
        if (Deed.ServiceRefusal(scope, Service) is { } refused)
            return refused;
        if (PathIn(scope) is not { } path)
            return null;
        var service = scope.Service(Service);
        return service.Deploy.Artifact is not null && !Path.IsPathRooted(Folder) ? $"{Service} runs from a release, so that {Folder} is another folder each time; write an absolute path"
            : SmallDisk.Holds(path, service.Directory) || SmallDisk.Holds(path, Path.GetTempPath()) ? $"{path} holds what {Service} is run from, which an empty disk would hide; name a folder that is only written to"
            : !Directory.Exists(path) ? $"there is no folder {path}; make it, or name another one"
            : null;
    }

    public override async Task<string?> PrepareAsync(OwnRun run, CancellationToken cancel)
    {
        if (run.Disks.ContainsKey((Service, Folder)))
            return null;
        if (await SmallDisk.TryAsync(run.Course, Service, PathIn(run.Course.Scope)) is not { } disk)
            return SmallDisk.Impossible;
        run.Disks.Add((Service, Folder), disk);
        run.Change(Service, disk.Under);
        return null;
    }

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        var disk = run.Disks[(Service, Folder)];
        var victims = run.Victims(Service, All);
        if (victims.Count == 0)
        {
            course.Trouble($"no replica of {Service} was ready whose disk could become full");
            return null;
        }
        var names = string.Join(", ", victims.Select(victim => victim.Name));
        long? written;
        try
        {
            run.On(Service, $"{names}: {disk.Text}");
            written = disk.Fill(course, victims.Select(victim => victim.Process));
            await course.RestAsync(length, cancel);
        }
        finally
        {
            disk.Free(course, victims.Select(victim => victim.Process));
        }
        run.Off(Service, $"{names}: there is room again");
        return written > 0 ? $"{names}: ENOSPC after {written} bytes" : null;
    }

    private string? PathIn(Scope scope) => Folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder, scope.Service(Service).Directory));
}
