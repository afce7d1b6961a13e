using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>
/// Puts a watch into every Node.js process of a service, by <c>NODE_OPTIONS</c>; other runtimes do not read that. The options that the application has
/// of its own stay, wherever they come from, since they are added to by the shell that becomes the application.
/// </summary>
/// <param name="folder">Where the watch lies and writes what it sees.</param>
internal sealed class EventLoopWatch(string folder)
{
    private const string Name = "event-loop-watch.cjs";

    private const string Script = """
        export NODE_OPTIONS="${NODE_OPTIONS:+$NODE_OPTIONS }--require \"$0\"" MAINSTAY_WATCH_MS="$1"; shift; exec "$@"
        """;

    /// <summary>Writes it there; what an earlier one has seen goes.</summary>
    public static EventLoopWatch Install(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        using var source = typeof(EventLoopWatch).Assembly.GetManifestResourceStream(Name)!;
        using var target = File.Create(Path.Combine(folder, Name));
        source.CopyTo(target);
        return new(folder);
    }

    /// <param name="service">As it is.</param>
    /// <param name="limit">From when on a stretch without a beat is one.</param>
    public ServiceSpec Under(ServiceSpec service, TimeSpan limit) => service with
    {
        Command =
        [
            .. ImmutableArray.Create("/bin/sh", "-c", Script, Path.Combine(folder, Name), limit.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)),
            .. service.Command,
        ],
    };

    /// <summary>What its processes have written until now, by replica.</summary>
    public IReadOnlyList<WatchLog> Read() =>
        [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).Select(file => WatchLog.Parse(ReplicaOf(file), ReadLines(file)))];

    /// <summary>"web-1.4711.jsonl".</summary>
    private static string ReplicaOf(string file) => Path.GetFileName(file).Split('.')[0];

    private static IEnumerable<string> ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
