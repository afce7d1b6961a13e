using Mainstay.Cli.State;
using Mainstay.Prove.Reports;

namespace Mainstay.Cli.Proving;

/// <summary>Where a report goes: found out before ten minutes of experiments, not after.</summary>
internal static class ReportPlace
{
    private const string Histories = "histories";

    /// <summary>ENOSPC, which the runtime passes on as it is.</summary>
    private const int DiskFull = 28;

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
            var message = $"--report {folder}: {refused.Message.ReplaceLineEndings(" ").TrimEnd('.')}";
            throw refused.HResult == DiskFull ? new CommandFailure(ProveExitCode.Inconclusive, message) : CommandFailure.Usage(message);
        }
    }
}
