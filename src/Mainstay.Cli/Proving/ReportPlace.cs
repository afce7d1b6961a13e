using Mainstay.Cli.State;

namespace Mainstay.Cli.Proving;

/// <summary>Where a report goes: found out before ten minutes of experiments, not after.</summary>
internal static class ReportPlace
{
    private const string Histories = "histories";

    /// <summary>Makes it; what an earlier run recorded there goes, since it would be judged along.</summary>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var earlier = Path.Combine(folder, Histories);
            if (Directory.Exists(earlier))
                Directory.Delete(earlier, recursive: true);
            Directory.CreateDirectory(earlier);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"--report {folder}: {refused.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }
}
