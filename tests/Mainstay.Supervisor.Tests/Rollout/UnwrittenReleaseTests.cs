using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Rollout;

/// <summary>A start on a disk that takes nothing serves what it can.</summary>
public sealed class UnwrittenReleaseTests
{
    private static readonly ServiceSpec Web = Specs.Service("serve {port}", replicas: 1);
    private static readonly ServiceSpec Changed = Web with { Command = ["serve", "{port}", "new"] };

    [Fact]
    public async Task The_first_release_of_all_serves_from_memory()
    {
        await using var house = new House();
        RefuseWrites(house);
        await house.StartReadyAsync(Web);
        Assert.Equal("web-1 ready r1", house.Replicas());
        Assert.Contains(house.Progress.Said, line => line.StartsWith("web: release 1 serves, but only until the next start: the release could not be written: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_spec_serves_from_memory_and_its_number_is_not_given_again()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web);
        await house.RestartMainstayAsync();
        RefuseWrites(house);
        await house.StartReadyAsync(Changed);
        Assert.Equal("web-1 ready r2", house.Replicas());
        AllowWrites(house);
        await house.DeployAsync(Changed with { Command = ["serve", "{port}", "newer"] });
        Assert.Equal("web-2 ready r3", house.Replicas());
    }

    [Fact]
    public async Task A_changed_spec_serves_on_the_files_of_the_release_before_it()
    {
        await using var house = new House();
        var files = Path.Combine(house.State, "built");
        Directory.CreateDirectory(files);
        await house.StartReadyAsync(Web with { Deploy = Web.Deploy with { Artifact = files } });
        await house.RestartMainstayAsync();
        RefuseWrites(house);
        await house.StartReadyAsync(Changed with { Deploy = Web.Deploy with { Artifact = files } });
        Assert.Equal("web-1 ready r2", house.Replicas());
        Assert.Equal(Path.Combine(house.State, "releases/web/1/files"), Assert.Single(house.Launcher.Running.Values).Spec.Directory);
    }

    [Fact]
    public async Task The_next_start_decides_as_if_it_had_not_been()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web);
        await house.RestartMainstayAsync();
        RefuseWrites(house);
        await house.StartReadyAsync(Changed);
        await house.RestartMainstayAsync();
        AllowWrites(house);
        await house.StartReadyAsync(Web);
        Assert.Equal("web-1 ready r1", house.Replicas());
    }

    [Fact]
    public async Task Whoever_goes_on_after_a_core_goes_on_with_it()
    {
        await using var house = new House();
        RefuseWrites(house);
        await house.StartReadyAsync(Web);
        await house.LeaveAsync();
        house.Resume(Web);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.Single(house.Launcher.Launched);
    }

    [Fact]
    public async Task Without_files_to_run_on_the_start_ends_with_the_reason()
    {
        await using var house = new House();
        var files = Path.Combine(house.State, "built");
        Directory.CreateDirectory(files);
        RefuseWrites(house);
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.StartAsync(Web with { Deploy = Web.Deploy with { Artifact = files } }));
        Assert.Contains("the release could not be snapshotted from", failure.Message, StringComparison.Ordinal);
        Assert.Empty(house.Launcher.Launched);
    }

    /// <summary>A file where the folder of drafts would be refuses every release, as a full disk does; so does a folder in the ledger's way.</summary>
    private static void RefuseWrites(House house)
    {
        Directory.CreateDirectory(Folder(house));
        foreach (var number in Enumerable.Range(1, 9))
            File.WriteAllText(Path.Combine(Folder(house), $".{number}.new"), "");
        Directory.CreateDirectory(Path.Combine(Folder(house), "releases.json.new"));
    }

    private static void AllowWrites(House house)
    {
        foreach (var number in Enumerable.Range(1, 9))
            File.Delete(Path.Combine(Folder(house), $".{number}.new"));
        Directory.Delete(Path.Combine(Folder(house), "releases.json.new"));
    }

    private static string Folder(House house) => Path.Combine(house.State, "releases/web");
}
