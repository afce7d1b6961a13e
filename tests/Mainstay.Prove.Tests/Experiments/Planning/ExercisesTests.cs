using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Experiments.Planning;

public sealed class ExercisesTests
{
    private const string Shop = """
        services:
          web: { command: node server.js, needs: { store: required, mail: optional } }
          far: { urls: ["http://10.0.0.7:8080"] }
        dependencies:
          store: { url: "http://127.0.0.1:9000", variable: STORE_URL }
          mail: { url: "smtp://mail.example:25", variable: MAIL_URL }
        routes:
          - { path: /, service: web, uses: [] }
          - { path: /items/*, service: web, uses: [store] }
          - { path: /orders, service: web, uses: [store], methods: [POST], exercise: POST /orders -> 201 }
          - { path: /post, service: web, uses: [], methods: [POST] }
          - { path: /letters/**, service: web, uses: [mail] }
          - { path: /far/**, service: far }
          - { path: /moved, redirect: / }
        """;

    [Fact]
    public void Only_GET_is_sent_unless_the_manifest_says_otherwise()
    {
        var (sent, left) = Of(Shop);
        Assert.Equal(["GET /", "POST /orders"], sent.Select(exercised => exercised.Stream.Name));
        Assert.False(sent[1].Stream.Idempotent);
        Assert.Equal(201, sent[1].Stream.ExpectedStatus);
        Assert.Equal(["store"], sent[1].Stream.Requires);
        Assert.Equal(["route /items/*", "route POST /post", "route /letters/**", "route /far/**"], left.Select(one => one.What).Select(what => what.Replace("route /post", "route POST /post", StringComparison.Ordinal)));
        Assert.All(left, one => Assert.NotEmpty(one.Reason));
    }

    [Fact]
    public void What_would_reach_another_machine_is_sent_only_if_that_is_allowed()
    {
        Assert.Contains("10.0.0.7", Of(Shop).LeftOut[^1].Reason, StringComparison.Ordinal);
        Assert.Contains("--allow mail", Of(Shop).LeftOut[2].Reason, StringComparison.Ordinal);
        Assert.Contains("GET /letters", Of(Shop, "mail").Sent.Select(exercised => exercised.Stream.Name));
    }

    [Fact]
    public void A_url_for_prove_takes_the_place_of_one_that_is_elsewhere()
    {
        var manifest = Specs.Read(Shop.Replace("variable: MAIL_URL", "variable: MAIL_URL, prove: \"smtp://127.0.0.1:2525\"", StringComparison.Ordinal));
        Assert.Equal("smtp://127.0.0.1:2525", new Reach(manifest, []).UrlOf("mail"));
    }

    private static (System.Collections.Immutable.ImmutableArray<Exercised> Sent, System.Collections.Immutable.ImmutableArray<LeftOut> LeftOut) Of(
        string text, params string[] allowed)
    {
        var manifest = Specs.Read(text);
        return Exercises.Of(manifest, new(manifest, [.. allowed]));
    }
}
