using System.Text.Json;
using Mainstay.Prove.Reports;
using Mainstay.Prove.Tests.Verdicts;

namespace Mainstay.Prove.Tests.Reports;

public sealed class ReportJsonTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "prove-report.schema.json"))).RootElement;

    [Fact]
    public void It_is_as_the_published_schema_says() => Assert.Empty(SchemaCheck.Faults(Schema, Json(MadeUpRun.Report)));

    [Fact]
    public void A_run_without_experiments_is_too() => Assert.Empty(SchemaCheck.Faults(Schema, Json(MadeUpRun.Report with { Experiments = [] })));

    [Fact]
    public void Endless_and_undefined_numbers_are_left_out()
    {
        var history = Runs.Of(Runs.Fault(400)).Seeing(Runs.At(12, "bit", "db", ("ratio", double.NaN), ("bytes", 3), ("time", double.PositiveInfinity)));
        var json = Json(MadeUpRun.Of([history]));
        Assert.Empty(SchemaCheck.Faults(Schema, json));
        Assert.Equal("""{"bytes":3}""", JsonSerializer.Serialize(json.GetProperty("experiments")[0].GetProperty("happenings")[0].GetProperty("numbers")));
    }

    [Fact]
    public void The_schema_names_every_field()
    {
        var experiment = Json(MadeUpRun.Report).GetProperty("experiments")[0];
        Assert.Equal(Names(experiment), Names(Schema.GetProperty("$defs").GetProperty("experiment").GetProperty("properties")));
        Assert.Equal(Names(experiment.GetProperty("findings")[0]), Names(Schema.GetProperty("$defs").GetProperty("finding").GetProperty("properties")));
        Assert.Equal(Names(Json(MadeUpRun.Report)), Names(Schema.GetProperty("properties")));
    }

    [Fact]
    public void The_schema_would_notice()
    {
        var wrong = JsonDocument.Parse("""{"version": 2, "experiments": [{"verdict": "passed", "timeline": [{"second": 1.5}]}]}""").RootElement;
        var faults = SchemaCheck.Faults(Schema, wrong).ToList();
        Assert.Contains(faults, fault => fault.StartsWith("$.version:", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("$.experiments[0].verdict:", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("$.experiments[0].timeline[0].second:", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("lacks 'seed'", StringComparison.Ordinal));
    }

    private static JsonElement Json(ProveReport report) => JsonDocument.Parse(ReportJson.Write(report)).RootElement;

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name).Order();
}
