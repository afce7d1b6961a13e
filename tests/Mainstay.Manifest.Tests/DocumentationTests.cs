using System.Reflection;
using System.Text.RegularExpressions;

namespace Mainstay.Manifest.Tests;

/// <summary>What docs/manifest.md shows is what the reader takes.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Page = Read();

    [Fact]
    public void Every_example_reads_without_a_finding()
    {
        var examples = Example().Matches(Page).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(examples.Length >= 5, $"only {examples.Length}");
        foreach (var example in examples)
        {
            using var manifest = new TestManifest(example);
            File.WriteAllText(Path.Combine(manifest.Folder, ".env"), "");
            Directory.CreateDirectory(Path.Combine(manifest.Folder, "api"));
            Assert.Equal("", TestManifest.Lines(manifest.Read(("DATABASE_URL", "postgres://127.0.0.1/shop"))));
        }
    }

    [Fact]
    public void Every_key_that_works_is_named()
    {
        // `items` is a word of the schema itself.
        foreach (Match key in SchemaKey().Matches(ManifestSchema.Generate()))
            Assert.Contains($"`{key.Groups[1].Value}`", Page, StringComparison.Ordinal);
    }

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("manifest.md")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("\"(?!items)([a-z0-9_]+)\": \\{\\s*\"(?:anyOf|type|enum)\"")]
    private static partial Regex SchemaKey();
}
