using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class ReplicaAnswersTests
{
    [Fact]
    public void A_list_that_only_one_replica_has_is_not_known() => Is(Knowledge.Stale, "web-1 and web-2 answer differently", Of(("[1]", "[1]"), ("[]", "[]")));

    [Fact]
    public void Replicas_that_answer_the_same_know_the_same() => Is(Knowledge.Fresh, "web-1 and web-2 answer the same", Of(("[1]", "[1]"), ("[1]", "[1]")));

    [Fact]
    public void An_answer_that_is_another_one_each_time_tells_nothing() => Is(Knowledge.Unclear, "web-2 answers the same read differently each time", Of(("{}", "{}"), ("{\"at\":1}", "{\"at\":2}")));

    [Fact]
    public void Nor_do_answers_that_differed_before_anything_was_written()
    {
        var before = Of(("{\"by\":\"web-1\"}", "{\"by\":\"web-1\"}"), ("{\"by\":\"web-2\"}", "{\"by\":\"web-2\"}")).Incomparable;
        Is(Knowledge.Unclear, "the replicas' answers differ before anything is written", Of(("[1]", "[1]"), ("[]", "[]")), before);
        Assert.Null(Of(("[]", "[]"), ("[]", "[]")).Incomparable);
        Assert.NotNull(Of(("1", "2"), ("1", "2")).Incomparable);
    }

    [Fact]
    public void What_is_not_found_is_not_known_whatever_the_others_say()
    {
        var missing = new ReplicaAnswers(ImmutableSortedDictionary.Create<string, (Answer, Answer)>().Add("web-1", (new(200, "1"), new(200, "2"))).Add("web-2", (new(404, ""), new(404, ""))));
        Is(Knowledge.Stale, "web-2 answers 404", missing);
        Is(Knowledge.Stale, "web-2 answers 404", missing, "the replicas' answers differ before anything is written");
    }

    [Fact]
    public void One_replica_alone_can_be_compared_with_none() => Is(Knowledge.Unclear, "fewer than two", Of(("[1]", "[1]")));

    private static void Is(Knowledge knowledge, string text, ReplicaAnswers answers, string? incomparable = null)
    {
        var judged = answers.Judge(incomparable);
        Assert.Equal(knowledge, judged.Knowledge);
        Assert.Contains(text, judged.Text, StringComparison.Ordinal);
    }

    private static ReplicaAnswers Of(params (string First, string Second)[] bodies) => new(bodies
        .Select((body, i) => ($"web-{i + 1}", (new Answer(200, body.First), new Answer(200, body.Second)))).ToImmutableSortedDictionary(one => one.Item1, one => one.Item2));
}
