using System.Text.Json;

namespace Mainstay.Prove.Recording;

/// <summary>Histories on disk: <c>DIR/histories/TITLE/history.json</c> and <c>samples.gz</c> beside it.</summary>
internal static class HistoryFolder
{
    private const string Parent = "histories";
    private const string HeadName = "history.json";
    private const string SamplesName = "samples.gz";

    /// <summary>Whole, or not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Save(string directory, History history)
    {
        var folder = Directory.CreateDirectory(Path.Combine(directory, Parent, FileName(history.Title))).FullName;
        try
        {
            SampleFile.Write(Path.Combine(folder, SamplesName), history.Samples);
            // The head comes last: a folder without one was cut short, and is not read.
            File.WriteAllBytes(Path.Combine(folder, HeadName), JsonSerializer.SerializeToUtf8Bytes(HistoryHead.Of(history), HistoryJson.Default.HistoryHead));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>All histories of a report's folder, in the order of their start.</summary>
    /// <exception cref="FormatException">One is damaged, of another version, or there is none; the message names the file.</exception>
    public static IReadOnlyList<History> Load(string directory)
    {
        var parent = Path.Combine(directory, Parent);
        var heads = Directory.Exists(parent) ? Directory.GetFiles(parent, HeadName, SearchOption.AllDirectories) : [];
        if (heads.Length == 0)
            throw new FormatException($"{directory} holds no recorded histories; give the folder that `prove --report` wrote");
        return [.. heads.Select(LoadOne).OrderBy(history => history.StartedAt).ThenBy(history => history.Title, StringComparer.Ordinal)];
    }

    private static History LoadOne(string file)
    {
        var at = file;
        try
        {
            var head = JsonSerializer.Deserialize(File.ReadAllBytes(file), HistoryJson.Default.HistoryHead)
                ?? throw new FormatException("it is empty");
            if (head.Version != History.CurrentVersion)
                throw new FormatException($"it is of version {head.Version}; this Mainstay reads version {History.CurrentVersion}");
            at = Path.Combine(Path.GetDirectoryName(file)!, SamplesName);
            return head.With(SampleFile.Read(at, head.Samples, head.Streams.Length));
        }
        catch (Exception fault) when (fault is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{at}: {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
    }

    /// <summary>A title's space stays apart from the hyphens of names: `kill-replica web` is not a user's own `kill-replica-web`.</summary>
    private static string FileName(string title) =>
        string.Concat(title.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : letter == ' ' ? '+' : '-'));
}
