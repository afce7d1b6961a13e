using Mainstay.Prove.Experiments;

namespace Mainstay.Prove.Tests.Experiments;

public sealed class BadReleaseTests
{
    [Theory]
    [InlineData("web: deploy failed: web-3 ended: not ready within 5 s: nothing listens on its port before it was ready; release 1 goes on serving", true)]
    [InlineData("web: deploy failed", false)]
    [InlineData("web: deploy failed: api-1 ended", false)]
    [InlineData("Mainstay hung up", false)]
    [InlineData("", false)]
    public void The_reason_is_shown_where_the_answer_names_the_replica_to_blame(string answer, bool isShown) =>
        Assert.Equal(isShown, BadRelease.Blames(answer, "web"));
}
