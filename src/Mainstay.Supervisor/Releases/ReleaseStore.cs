using System.Globalization;
using System.Text.Json;

namespace Mainstay.Supervisor.Releases;

/// <summary>
/// The releases of one service on disk: <c>releases/SERVICE/N/release.json</c>, with the snapshot in <c>files</c> beside it, and
/// <c>releases/SERVICE/releases.json</c>. Every write is made under another name and renamed. Used by one operation at a time.
/// </summary>
internal sealed class ReleaseStore(string stateDirectory, string service)
{
    /// <summary>How many releases are kept.</summary>
    public const int Kept = 5;

    private const string RecordFile = "release.json";
    private const string LedgerFile = "releases.json";
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.Combine(stateDirectory, "releases", service);

    public ReleaseLedger Ledger() => Read(Path.Combine(_folder, LedgerFile), ReleaseJson.ReadLedger) ?? ReleaseLedger.Empty;

    /// <summary>The release, or null if it is not kept (any more) or cannot be read.</summary>
    public Release? Find(int number)
    {
        var release = Read(Path.Combine(FolderOf(number), RecordFile), ReleaseJson.ReadRelease);
        if (release is null || (release.Snapshot is not null && !Directory.Exists(FilesOf(number))))
            return null;
        // The folder may have been moved since: the path is derived, not remembered.
        return release with { Number = number, Snapshot = release.Snapshot is null ? null : FilesOf(number) };
    }

    /// <summary>The newest kept release before the one named that ever served, or null.</summary>
    public Release? Before(int number) =>
        Ledger().Served.Where(candidate => candidate < number).OrderDescending().Select(Find).FirstOrDefault(release => release is not null);

    /// <summary>Whether the release is on the disk: one that a start could not write there is not.</summary>
    public bool Holds(int number) => File.Exists(Path.Combine(FolderOf(number), RecordFile));

    /// <summary>A number that no release has had.</summary>
    /// <param name="after">The number of one that may not be on the disk.</param>
    public int NextNumber(int after) => Math.Max(after, Math.Max(Ledger().Last, Numbers().DefaultIfEmpty().Max())) + 1;

    /// <summary>Writes a new release; on any failure nothing of it remains.</summary>
    /// <param name="release">With the number of the one before it; its own, and its snapshot path, are given here.</param>
    /// <param name="artifact">Copied as its snapshot; null: run in place.</param>
    public Release Add(Release release, string? artifact, CancellationToken cancel)
    {
        Directory.CreateDirectory(_folder, OwnerFolder);
        Sweep();
        var number = NextNumber(after: release.Number);
        var made = release with { Number = number, Snapshot = artifact is null ? null : FilesOf(number) };
        var draft = Path.Combine(_folder, $".{number}.new");
        try
        {
            Directory.CreateDirectory(draft, OwnerFolder);
            if (artifact is not null)
                Snapshot.Take(artifact, Path.Combine(draft, "files"), stateDirectory, cancel);
            Write(Path.Combine(draft, RecordFile), json => ReleaseJson.Write(json, made));
            Directory.Move(draft, FolderOf(number));
            return made;
        }
        catch
        {
            Snapshot.Remove(draft);
            throw;
        }
    }

    /// <summary>Remembers which release runs, and removes old ones beyond those kept.</summary>
    public void Choose(Release current, string? declared, IEnumerable<int> inUse)
    {
        var ledger = Ledger();
        Remember(new ReleaseLedger(current.Number, Math.Max(ledger.Last, current.Number), declared, ledger.Served.Add(current.Number)));
        var keep = inUse.Append(current.Number).ToHashSet();
        foreach (var old in Numbers().OrderDescending().Skip(Kept).Where(number => !keep.Contains(number)))
            Snapshot.Remove(FolderOf(old));
    }

    /// <summary>Removes a release that never served; its number stays used.</summary>
    public void Discard(Release release) => Discard(release.Number);

    /// <summary>Keeps only the newest of those that never served: starts that fail again and again must not fill the disk. Only while no replica runs.</summary>
    public void DiscardFailedStarts()
    {
        var ledger = Ledger();
        foreach (var failed in Numbers().Where(number => number != ledger.Current && !ledger.Served.Contains(number)).OrderDescending().Skip(Kept))
            Discard(failed);
    }

    private void Discard(int number)
    {
        try
        {
            Remember(Ledger() with { Last = Math.Max(Ledger().Last, number) });
            Snapshot.Remove(FolderOf(number));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Why it is discarded matters more. It never served, so nothing goes back to it; it goes with the old ones.
        }
    }

    private void Remember(ReleaseLedger ledger) => Write(Path.Combine(_folder, LedgerFile), json => ReleaseJson.Write(json, ledger));

    private void Sweep()
    {
        foreach (var draft in Directory.EnumerateDirectories(_folder, ".*.new"))
            Snapshot.Remove(draft);
    }

    private List<int> Numbers() => Directory.Exists(_folder)
        ? Directory.EnumerateDirectories(_folder)
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .ToList()
        : [];

    private string FolderOf(int number) => Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));

    private string FilesOf(int number) => Path.Combine(FolderOf(number), "files");

    private static T? Read<T>(string path, Func<ReadOnlySpan<byte>, T> read) where T : class
    {
        try
        {
            return read(File.ReadAllBytes(path));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // Missing, or damaged by something else: as if it had never been made.
        }
    }

    private static void Write(string path, Action<Utf8JsonWriter> write)
    {
        var draft = path + ".new";
        // The spec holds the environment, which may hold what others must not read.
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerFile }))
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            write(json);
        File.Move(draft, path, overwrite: true);
    }
}
