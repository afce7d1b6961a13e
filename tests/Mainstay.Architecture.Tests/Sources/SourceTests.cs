namespace Mainstay.Architecture.Tests.Sources;

public sealed class SourceTests
{
    private static readonly IReadOnlyList<SourceFile> Src = Repository.CSharp("src");

    /// <summary>Without these tests themselves, which quote what they forbid.</summary>
    private static readonly IReadOnlyList<SourceFile> Tests =
        [.. Repository.CSharp("tests").Where(file => !file.Path.StartsWith("tests/Mainstay.Architecture.Tests/", StringComparison.Ordinal))];

    [Fact]
    public void No_file_is_longer_than_400_lines() => Rule.Holds(Src.SelectMany(SourceRules.TooLong));

    [Fact]
    public void The_median_file_is_at_most_60_lines() => Assert.InRange(SourceRules.Median(Src), 1, SourceRules.MedianLines);

    [Fact]
    public void Names_say_what_a_thing_is() => Rule.Holds(Src.Concat(Tests).SelectMany(SourceRules.VagueNames));

    [Fact]
    public void Nothing_is_left_undone() => Rule.Holds(Src.SelectMany(SourceRules.LeftUndone));

    [Fact]
    public void No_warning_is_silenced_in_code() => Rule.Holds(Src.Concat(Tests).SelectMany(SourceRules.SilencedWarnings));

    [Fact]
    public void Policies_do_not_know_HTTP() => Rule.Holds(Src.SelectMany(SourceRules.NetworkInPolicies));

    [Fact]
    public void Steps_do_not_know_the_server() => Rule.Holds(Src.SelectMany(SourceRules.ServersInSteps));

    [Fact]
    public void Tests_do_not_sleep() => Rule.Holds(Tests.SelectMany(WaitingRules.Sleeps));

    [Fact]
    public void Tests_mirror_the_folders_of_src()
    {
        var folders = Src.Select(file => Path.GetDirectoryName(file.Path)!.Replace('\\', '/')).ToHashSet();
        Rule.Holds(Tests.SelectMany(file => MirrorRule.Misplaced(file.Path, folders)));
    }
}
