using Mainstay.Prove.Reports;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Tests.Reports;

public sealed class ProveExitCodeTests
{
    [Theory]
    [InlineData(0, Verdict.Holds)]
    [InlineData(0, Verdict.Holds, Verdict.Holds)]
    [InlineData(3, Verdict.Holds, Verdict.Inconclusive)]
    [InlineData(99, Verdict.Holds, Verdict.Inconclusive, Verdict.Violated)]
    [InlineData(3)]
    public void The_worst_counts_and_nothing_is_no_pass(int code, params object[] verdicts) => Assert.Equal(code, ProveExitCode.Of(verdicts.Cast<Verdict>()));
}
