using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Reports;

/// <summary>
/// A report on disk: <c>report.html</c> for people, <c>report.json</c> for programs, <c>junit.xml</c> for pipelines, <c>badge.svg</c> for a readme, and the
/// histories, so that it can be judged again.
/// </summary>
internal static class ReportFolder
{
    /// <summary>Each file is whole, of this run or of the one before: written beside its place, then moved there.</summary>
    /// <exception cref="IOException">It could not be written; the message says which file, why, and what to do.</exception>
    public static void Write(string directory, ProveReport report, IEnumerable<History> histories)
    {
        var at = directory;
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var history in histories)
            {
                at = Path.Combine(directory, "histories", history.Title);
                HistoryFolder.Save(directory, history);
            }

            Put("report.json", ReportJson.Write(report));
            Put("junit.xml", JUnitXml.Write(report));
            Put("badge.svg", Badge.Write(report));
            // The page comes last: who sees a new one finds the rest of it too.
            Put("report.html", HtmlPage.Write(report));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"the report could not be written to {at}: {PlainText.Of(fault.Message)}; free some space or give another folder with --report", fault);
        }

        void Put(string name, byte[] content)
        {
            at = Path.Combine(directory, name);
            WriteWhole(at, content);
        }
    }

    private static void WriteWhole(string path, byte[] content)
    {
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
