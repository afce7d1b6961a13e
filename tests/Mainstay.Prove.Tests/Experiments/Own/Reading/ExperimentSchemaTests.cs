using System.Text.Json.Nodes;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Prove.Tests.Experiments.Own.Reading;

public sealed class ExperimentSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(ExperimentSchema.Generate(Specs.Read(OwnFiles.Shop)))!.AsObject();

    [Fact]
    public void It_has_every_key_of_an_experiment_and_says_which_must_be_there()
    {
        Assert.Equal(["title", "pillar", "load", "fault", "invariants"], Schema["properties"]!.AsObject().Select(property => property.Key));
        Assert.Equal(["invariants"], Schema["required"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public void Each_kind_of_fault_lists_its_own_keys_alone_and_the_names_of_this_application()
    {
        var latency = FaultOf("latency");
        Assert.Equal(["kind", "dependency", "delay"], latency["required"]!.AsArray().Select(name => (string?)name));
        Assert.False((bool)latency["additionalProperties"]!);
        Assert.Null(latency["properties"]!["service"]);
        Assert.Equal(["payments", "far"], latency["properties"]!["dependency"]!["anyOf"]![0]!["enum"]!.AsArray().Select(name => (string?)name));
        Assert.Null(FaultOf("kill")["properties"]!["for"]);
    }

    [Fact]
    public void What_the_schema_requires_of_a_kind_the_reader_requires_too()
    {
        foreach (var fault in Faults())
        {
            var word = (string?)fault["properties"]!["kind"]!["const"];
            var needed = fault["required"]!.AsArray().Select(name => (string)name!).Skip(1).ToList();
            var (_, findings) = OwnFiles.Read($"fault: {{ kind: {word} }}\ninvariants: {{ p99: 1s }}");
            Assert.True(needed.Count == 0 ? findings.IsEmpty : findings.Any(finding => finding.Message.Contains($"has no {needed[0]}", StringComparison.Ordinal)), $"{word}: {string.Join("; ", findings)}");
        }
    }

    [Fact]
    public void An_invariant_may_be_a_word_where_it_takes_no_bound()
    {
        var words = Invariant()[1]!["enum"]!.AsArray().Select(word => (string?)word).ToList();
        Assert.Contains("no_failures", words);
        Assert.DoesNotContain("p99", words);
        Assert.All(words, word => Assert.Empty(OwnFiles.Read($"fault: [{{ kind: kill, service: web }}, {{ kind: malformed }}]\ninvariants: {word}").Findings));
    }

    [Fact]
    public void Everything_is_described() =>
        Assert.All(
            Faults().Append(Invariant()[0]!.AsObject()).SelectMany(part => part["properties"]!.AsObject()).Where(property => property.Key != "kind"),
            property => Assert.NotEmpty((string)property.Value!["description"]!));

    private static JsonObject FaultOf(string kind) => Faults().Single(fault => (string?)fault["properties"]!["kind"]!["const"] == kind);

    private static IEnumerable<JsonObject> Faults() => Items("fault")["oneOf"]!.AsArray().Select(kind => kind!.AsObject());

    private static JsonArray Invariant() => Items("invariants")["anyOf"]!.AsArray();

    /// <summary>One, or a list of them: of either the same.</summary>
    private static JsonNode Items(string key) => Schema["properties"]![key]!["anyOf"]![1]!["items"]!;
}
