using System.Reflection;

namespace Mainstay.Manifest.Tests;

/// <summary>Each case of the text files under Malformed: a title, a manifest, and after <c>--</c> exactly what is said about it.</summary>
public sealed class MalformedManifestTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var file in new[] { "syntax.txt", "keys.txt", "values.txt", "commands.txt", "crosschecks.txt" })
            {
                foreach (var title in Read(file).Keys)
                    cases.Add(file, title);
            }
            return cases;
        }
    }

    [Fact]
    public void There_are_more_than_sixty_of_them() => Assert.True(Cases.Count > 60, $"only {Cases.Count}");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_exactly_what_is_wrong_and_what_to_do(string file, string title)
    {
        var (text, expected) = Read(file)[title];
        using var manifest = new TestManifest(text);

        var result = manifest.Read();

        Assert.Equal(expected, TestManifest.Lines(result).Replace(manifest.Folder, "FOLDER", StringComparison.Ordinal));
        Assert.Equal(result.Findings.Any(finding => finding.Severity == Severity.Error), result.Manifest is null);
    }

    private static Dictionary<string, (string Text, string Expected)> Read(string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!);
        return ("\n" + reader.ReadToEnd()).Split("\n== ", StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            part => part[..part.IndexOf('\n', StringComparison.Ordinal)],
            part => (part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..part.IndexOf("\n--\n", StringComparison.Ordinal)] + "\n", part[(part.IndexOf("\n--\n", StringComparison.Ordinal) + 4)..].TrimEnd('\n')));
    }
}
