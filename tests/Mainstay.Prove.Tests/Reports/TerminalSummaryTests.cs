using Mainstay.Prove.Reports;

namespace Mainstay.Prove.Tests.Reports;

public sealed class TerminalSummaryTests
{
    private static readonly IReadOnlyList<SummaryLine> Lines = TerminalSummary.Lines(MadeUpRun.Report);

    [Fact]
    public void The_columns_are_aligned()
    {
        var column = Lines[0].Text.IndexOf("decided by", StringComparison.Ordinal);
        Assert.All(Lines.Where(line => line.Tone is Tone.Good or Tone.Bad && line.After.Length > 0), line => Assert.Equal(column, line.Before.Length + line.Marked.Length + 2));
    }

    [Fact]
    public void Each_experiment_has_its_verdict_and_number()
    {
        Assert.Contains(Lines, line => line.Text.Contains("rolling-restart web", StringComparison.Ordinal) && line.Text.EndsWith("0 of 1,760 failed", StringComparison.Ordinal));
        Assert.Contains(Lines, line => line is { Tone: Tone.Bad, Marked: "✗ violated    " });
    }

    [Fact]
    public void What_does_not_hold_says_why() =>
        Assert.Contains(Lines, line => line.Tone == Tone.Dim && line.Text.Contains("299 would be enough", StringComparison.Ordinal));

    [Fact]
    public void What_was_left_out_is_named() => Assert.Contains(Lines, line => line.Text.StartsWith("left out  POST /orders", StringComparison.Ordinal));

    [Fact]
    public void The_last_line_sums_up() => Assert.Equal("Of 6 experiments 4 hold, 1 is violated, 1 is inconclusive, and 1 thing was left out.", Lines[^1].Text);

    [Theory]
    [InlineData("The one experiment is violated, and 1 thing was left out.", 3)]
    [InlineData("The one experiment holds, and 1 thing was left out.", 0)]
    [InlineData("Of 2 experiments 1 holds, 1 is violated, and 1 thing was left out.", 0, 3)]
    public void A_single_one_is_said_as_such(string said, params int[] which) =>
        Assert.Equal(said, TerminalSummary.Conclusion(MadeUpRun.Of([.. which.Select(index => MadeUpRun.Histories[index])])));

    [Fact]
    public void Where_nothing_was_left_out_nothing_is_said_of_it() =>
        Assert.Equal("The one experiment holds.", TerminalSummary.Conclusion(MadeUpRun.Of([MadeUpRun.Histories[0]]) with { LeftOut = [] }));

    [Fact]
    public void Without_experiments_nothing_is_shown() =>
        Assert.Equal("No experiment ran: nothing is shown.", TerminalSummary.Lines(MadeUpRun.Report with { Experiments = [] })[^1].Text);
}
