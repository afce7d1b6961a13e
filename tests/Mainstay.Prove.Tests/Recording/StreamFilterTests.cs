using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Recording;

public sealed class StreamFilterTests
{
    [Theory]
    [InlineData("all", true)]
    [InlineData("load", true)]
    [InlineData("greedy", false)]
    [InlineData("idempotent", true)]
    [InlineData("unsafe", false)]
    [InlineData("uses:database", true)]
    [InlineData("not-uses:database", false)]
    [InlineData("not-requires:database", true)]
    [InlineData("service:web idempotent", true)]
    [InlineData("service:web critical", false)]
    [InlineData("#0", true)]
    [InlineData("#1", false)]
    [InlineData("#0,3", true)]
    [InlineData("#1,3", false)]
    public void Names_a_part_of_the_streams(string filter, bool applies) =>
        Assert.Equal(applies, StreamFilter.Applies(filter, Histories.Get, 0));

    [Theory]
    [InlineData("idempotnet")]
    [InlineData("#first")]
    [InlineData("#1,")]
    public void An_unknown_word_is_no_silent_nothing(string filter) =>
        Assert.Throws<FormatException>(() => StreamFilter.Applies(filter, Histories.Get, 0));
}
