using System.Text.Json;
using Mainstay.Prove.Recording;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Recording;

public sealed class HistoryFolderTests : IDisposable
{
    private readonly Workspace _files = new();

    private string Folder => Path.Combine(_files.Path, "report");

    private string Samples => Path.Combine(Folder, "histories", "baseline", "samples.gz");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_history_comes_back_as_it_was_saved()
    {
        var history = Histories.Of(Enumerable.Range(0, 1000).Select(i => i % 7 == 0 ? Histories.Failed(i) : Histories.Good(i, i)));
        HistoryFolder.Save(Folder, history);
        var read = Assert.Single(HistoryFolder.Load(Folder));
        Assert.Equal(Json(history), Json(read));
        Assert.Equal(history.Samples, read.Samples);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_that_is_endless_or_none_comes_back_too(double number)
    {
        var history = Histories.Of(Histories.Good(1));
        HistoryFolder.Save(Folder, history with { Happenings = [Happening.Of(1, Happening.Kinds.Bit, "web", "it bit", ("bytes", number))] });
        Assert.Equal(number, Assert.Single(Assert.Single(HistoryFolder.Load(Folder)).Happenings).Numbers["bytes"]);
    }

    [Fact]
    public void Histories_come_in_the_order_of_their_start()
    {
        var first = Histories.Of(Histories.Good(1));
        HistoryFolder.Save(Folder, first with { Experiment = "kill-replica", Subject = "web", StartedAt = first.StartedAt.AddSeconds(1) });
        HistoryFolder.Save(Folder, first);
        Assert.Equal(["baseline", "kill-replica web"], HistoryFolder.Load(Folder).Select(history => history.Title));
    }

    [Fact]
    public void A_title_with_a_subject_and_a_name_that_looks_like_it_do_not_share_a_folder()
    {
        var first = Histories.Of(Histories.Good(1));
        HistoryFolder.Save(Folder, first with { Experiment = "kill-replica", Subject = "web" });
        HistoryFolder.Save(Folder, first with { Experiment = "kill-replica-web", Subject = "" });
        Assert.Equal(["kill-replica web", "kill-replica-web"], HistoryFolder.Load(Folder).Select(history => history.Title));
    }

    [Fact]
    public void A_folder_without_histories_says_what_to_give() =>
        Assert.Contains("prove --report", Assert.Throws<FormatException>(() => HistoryFolder.Load(Folder)).Message);

    [Fact]
    public void Samples_cut_short_are_refused_with_their_file()
    {
        HistoryFolder.Save(Folder, Histories.Of(Enumerable.Range(0, 1000).Select(i => Histories.Good(i))));
        var bytes = File.ReadAllBytes(Samples);
        File.WriteAllBytes(Samples, bytes[..(bytes.Length / 2)]);
        Assert.Contains("samples.gz", Assert.Throws<FormatException>(() => HistoryFolder.Load(Folder)).Message);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        HistoryFolder.Save(Folder, Histories.Of(Histories.Good(1)) with { Version = 99 });
        Assert.Contains("version 99", Assert.Throws<FormatException>(() => HistoryFolder.Load(Folder)).Message);
    }

    [Fact]
    public void A_sample_of_an_unknown_stream_is_damage()
    {
        HistoryFolder.Save(Folder, Histories.Of(Histories.Good(1, stream: 3)));
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => HistoryFolder.Load(Folder)).Message);
    }

    private static string Json(History history) => JsonSerializer.Serialize(HistoryHead.Of(history), HistoryJson.Default.HistoryHead);
}
