using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Releases;

public sealed class ReleaseStoreTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("mainstay-test-").FullName;
    private readonly string _artifact;
    private readonly ReleaseStore _store;

    public ReleaseStoreTests()
    {
        _artifact = Path.Combine(_state, "artifact");
        Directory.CreateDirectory(_artifact);
        File.WriteAllText(Path.Combine(_artifact, "app"), "one");
        _store = new ReleaseStore(Path.Combine(_state, ".mainstay"), "web");
    }

    public void Dispose() => Snapshot.Remove(_state);

    [Fact]
    public void A_release_comes_back_as_it_was_made()
    {
        var made = _store.Add(Draft("serve {port} x"), _artifact, default);
        var found = _store.Find(1);
        Assert.Equal((1, made.Snapshot, "fp"), (found!.Number, found.Snapshot, found.Fingerprint));
        Assert.Equal(made.Spec.Command, found.Spec.Command);
        Assert.Equal((made.Spec.Health, made.Spec.Stop, made.Spec.Port), (found.Spec.Health, found.Spec.Stop, found.Spec.Port));
        Assert.Equal("one", File.ReadAllText(Path.Combine(found.Directory, "app")));
    }

    [Fact]
    public void A_snapshot_does_not_change_with_what_it_was_taken_from_and_keeps_modes_and_links()
    {
        var app = Path.Combine(_artifact, "app");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(app, mode);
        Directory.CreateDirectory(Path.Combine(_artifact, "bin"));
        File.CreateSymbolicLink(Path.Combine(_artifact, "bin", "absolute"), app);
        File.CreateSymbolicLink(Path.Combine(_artifact, "bin", "relative"), "../app");
        File.CreateSymbolicLink(Path.Combine(_artifact, "outside"), "/etc/hostname");
        File.CreateSymbolicLink(Path.Combine(_artifact, "loop"), "bin");
        File.SetUnixFileMode(Path.Combine(_artifact, "bin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var snapshot = _store.Add(Draft(), _artifact, default).Snapshot!;
        File.Delete(app);
        Assert.Equal("one", File.ReadAllText(Path.Combine(snapshot, "bin", "absolute")));
        Assert.Equal("one", File.ReadAllText(Path.Combine(snapshot, "bin", "relative")));
        Assert.Equal("/etc/hostname", new FileInfo(Path.Combine(snapshot, "outside")).LinkTarget);
        Assert.Equal("bin", new FileInfo(Path.Combine(snapshot, "loop")).LinkTarget);
        Assert.Equal(mode, File.GetUnixFileMode(Path.Combine(snapshot, "app")));
    }

    [Fact]
    public void Starts_that_fail_again_and_again_keep_only_the_newest_releases()
    {
        _store.Choose(_store.Add(Draft(), _artifact, default), "fp", []);
        for (var i = 0; i < ReleaseStore.Kept + 3; i++)
            _store.Add(Draft(), _artifact, default);
        _store.DiscardFailedStarts();
        Assert.NotNull(_store.Find(1));
        Assert.Equal([5, 6, 7, 8, 9], Enumerable.Range(2, 8).Where(number => _store.Find(number) is not null));
        Assert.Equal(10, _store.Add(Draft(), _artifact, default).Number);
    }

    [Fact]
    public void An_artifact_may_be_one_file()
    {
        var release = _store.Add(Draft(), Path.Combine(_artifact, "app"), default);
        Assert.Equal("one", File.ReadAllText(Path.Combine(release.Directory, "app")));
    }

    [Fact]
    public void An_artifact_that_holds_the_state_folder_does_not_hold_itself()
    {
        _store.Add(Draft(), _artifact, default);
        var release = _store.Add(Draft(), _state, default);
        Assert.True(File.Exists(Path.Combine(release.Directory, "artifact", "app")));
        Assert.False(Directory.Exists(Path.Combine(release.Directory, ".mainstay")));
    }

    [Fact]
    public void A_failure_leaves_nothing_and_numbers_go_on()
    {
        _store.Add(Draft(), _artifact, default);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _store.Add(Draft(), _artifact, cancelled.Token));
        var second = _store.Add(Draft(), _artifact, default);
        Assert.Equal(2, second.Number);
        _store.Discard(second);
        Assert.Equal(3, _store.Add(Draft(), _artifact, default).Number);
        Assert.Equal(["1", "3"], Folders());
    }

    [Fact]
    public void The_last_five_are_kept_and_those_in_use()
    {
        for (var i = 1; i <= 8; i++)
            _store.Choose(_store.Add(Draft(), _artifact, default), "fp", inUse: [2]);
        Assert.Equal(["2", "4", "5", "6", "7", "8"], Folders());
        Assert.Equal(7, _store.Before(8)!.Number);
        Assert.Equal(new { Current = 8, Last = 8 }, new { _store.Ledger().Current, _store.Ledger().Last });
    }

    [Fact]
    public void What_others_must_not_read_they_cannot()
    {
        _store.Add(Draft(), null, default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_state, ".mainstay/releases/web/1/release.json")));
    }

    [Fact]
    public void A_damaged_release_is_as_if_it_had_never_been()
    {
        _store.Choose(_store.Add(Draft(), _artifact, default), "fp", []);
        File.WriteAllText(Path.Combine(_state, ".mainstay/releases/web/1/release.json"), "{ \"Number\":");
        Assert.Null(_store.Find(1));
        File.WriteAllText(Path.Combine(_state, ".mainstay/releases/web/releases.json"), "null");
        Assert.Equal(2, _store.Add(Draft(), _artifact, default).Number);
    }

    [Fact]
    public async Task The_fingerprint_sees_names_modes_and_contents_and_no_times()
    {
        var first = await Print();
        File.SetLastWriteTimeUtc(Path.Combine(_artifact, "app"), DateTime.UnixEpoch);
        Assert.Equal(first, await Print());
        File.SetUnixFileMode(Path.Combine(_artifact, "app"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var second = await Print();
        File.WriteAllText(Path.Combine(_artifact, "app"), "two");
        var third = await Print();
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());

        Task<string> Print() => ArtifactFingerprint.OfAsync(_artifact, "", default);
    }

    [Fact]
    public void Only_what_needs_new_processes_changes_a_specs_fingerprint()
    {
        var spec = Specs.Service("serve {port}");
        var print = SpecFingerprint.Of(spec, []);
        Assert.Equal(print, SpecFingerprint.Of(spec with { Replicas = 5, Memory = 1, Health = spec.Health with { Failures = 9 }, Stop = spec.Stop with { Grace = TimeSpan.Zero } }, []));
        Assert.NotEqual(print, SpecFingerprint.Of(spec with { Command = ["other"] }, []));
        Assert.NotEqual(print, SpecFingerprint.Of(spec with { Health = spec.Health with { Ready = "/other" } }, []));
        Assert.NotEqual(print, SpecFingerprint.Of(spec with { Health = spec.Health with { Live = "/other" } }, []));
        Assert.NotEqual(print, SpecFingerprint.Of(spec with { Environment = spec.Environment.Add("A", "b") }, []));
        Assert.NotEqual(print, SpecFingerprint.Of(spec, [new("database", "postgres://x", "DATABASE_URL", null)]));
        Assert.Equal(print, SpecFingerprint.Of(spec, [new("database", "postgres://x", null, null)]));
    }

    private static Release Draft(string command = "serve {port}") => new(0, DateTimeOffset.UnixEpoch, Specs.Service(command), [], "fp", "artifact", null);

    private IEnumerable<string> Folders() => Directory.EnumerateDirectories(Path.Combine(_state, ".mainstay/releases/web")).Select(folder => Path.GetFileName(folder)).Order();
}
