using Mainstay.Prove.Recording;
using Mainstay.Prove.Reports;
using Mainstay.Prove.Verdicts;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Reports;

public sealed class ReportFolderTests : IDisposable
{
    private readonly Workspace _files = new();

    private string Folder => Path.Combine(_files.Path, "report");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Four_files_and_the_histories_are_written_and_nothing_else_stays()
    {
        ReportFolder.Write(Folder, MadeUpRun.Report, MadeUpRun.Histories);
        ReportFolder.Write(Folder, MadeUpRun.Report, MadeUpRun.Histories);
        Assert.Equal(["badge.svg", "junit.xml", "report.html", "report.json"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        Assert.Equal(MadeUpRun.Histories.Count, HistoryFolder.Load(Folder).Count);
    }

    [Fact]
    public void What_is_judged_again_from_disk_is_the_same_report()
    {
        ReportFolder.Write(Folder, MadeUpRun.Report, MadeUpRun.Histories);
        Assert.Equal(ReportJson.Write(MadeUpRun.Report), ReportJson.Write(MadeUpRun.Of(HistoryFolder.Load(Folder))));
    }

    [Fact]
    public void A_place_that_takes_no_report_is_one_clear_line()
    {
        _files.Write("report", "a file is in the way");
        var fault = Assert.Throws<IOException>(() => ReportFolder.Write(Folder, MadeUpRun.Report, []));
        Assert.Contains(Folder, fault.Message, StringComparison.Ordinal);
        Assert.Contains("--report", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_leaves_the_others_whole_and_no_rests()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "report.html", "in-the-way"));
        var fault = Assert.Throws<IOException>(() => ReportFolder.Write(Folder, MadeUpRun.Report, []));
        Assert.Contains("report.html", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Folder), file => file.EndsWith(".new", StringComparison.Ordinal));
        Assert.Equal(ReportJson.Write(MadeUpRun.Report), File.ReadAllBytes(Path.Combine(Folder, "report.json")));
    }

    [Fact]
    public void The_made_up_run_shows_all_three_verdicts() =>
        Assert.All([Verdict.Holds, Verdict.Inconclusive, Verdict.Violated], verdict => Assert.True(MadeUpRun.Report.Count(verdict) > 0));
}
