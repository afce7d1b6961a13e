using System.Reflection;
using Mainstay.Prove.Experiments;

namespace Mainstay.Prove.Tests.Experiments;

/// <summary>Who finds an experiment in a report finds it in the documentation.</summary>
public sealed class CatalogueTests
{
    private static readonly string[] Table = Lines("experiments.md", "| `");

    private static readonly string[] Headings = Lines("when-violated.md", "### ");

    [Fact]
    public void Each_is_explained() =>
        Assert.All(Catalogue.All, experiment => Assert.Single(Table, line => line.StartsWith($"| `{experiment.Name}` |", StringComparison.Ordinal)));

    [Fact]
    public void Of_each_it_is_said_what_to_do_when_it_is_violated() =>
        Assert.All(Catalogue.All, experiment => Assert.Single(Headings, line => line.Contains($"`{experiment.Name}`", StringComparison.Ordinal)));

    [Fact]
    public void None_is_explained_that_is_not_there()
    {
        Assert.Equal(Catalogue.All.Length, Table.Length);
        Assert.Equal(Catalogue.All.Length, Headings.Sum(line => line.Count(character => character == '`') / 2));
    }

    private static string[] Lines(string page, string prefix)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(page)!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal))];
    }
}
