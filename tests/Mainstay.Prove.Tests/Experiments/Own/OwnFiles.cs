using System.Collections.Immutable;
using Mainstay.Manifest;
using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Own;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Prove.Tests.Experiments.Own;

/// <summary>Experiments for the tests, read as a user's would be.</summary>
internal static class OwnFiles
{
    public const string Shop = """
        services:
          web: { command: node server.js, replicas: 2, needs: { payments: optional } }
        dependencies:
          payments: { url: "http://127.0.0.1:9000", variable: PAYMENTS_URL }
          far: { url: "http://payments.example:9000", variable: FAR_URL }
        routes:
          - { path: /orders/**, service: web, exercise: [{ method: PUT, path: /orders/1, body: tea }, GET /orders/1 -> 200] }
          - { path: /, service: web, uses: [] }
        """;

    public static (ImmutableArray<OwnExperiment> Experiments, ImmutableArray<Finding> Findings) Read(string text, string name = "mine.yaml")
    {
        var folder = Directory.CreateTempSubdirectory("ms-own-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, ExperimentFolder.Name));
            File.WriteAllText(Path.Combine(folder, ExperimentFolder.Name, name), text);
            return ExperimentFolder.Read(
                Specs.Read(Shop) with { Directory = folder }, [.. Catalogue.All.Select(experiment => experiment.Name)], variable => variable == "RATE" ? "20/s" : null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static OwnExperiment One(string text)
    {
        var (experiments, findings) = Read(text);
        Assert.Empty(findings);
        return Assert.Single(experiments);
    }

    public static string Refused(string text, string name = "mine.yaml")
    {
        var (experiments, findings) = Read(text, name);
        Assert.Empty(experiments);
        return Assert.Single(findings).ToString();
    }
}
