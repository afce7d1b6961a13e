namespace Mainstay.Architecture.Tests.Sources;

/// <summary>A check that cannot fail is a defect: every rule meets what it forbids, and what it must let pass.</summary>
public sealed class SourceRulesNoticeViolationsTests
{
    [Fact]
    public void A_file_of_401_lines_is_too_long()
    {
        Assert.NotEmpty(SourceRules.TooLong(File("src/A.cs", string.Concat(Enumerable.Repeat("x\n", 401)))));
        Assert.Empty(SourceRules.TooLong(File("src/A.cs", string.Concat(Enumerable.Repeat("x\n", 400)))));
    }

    [Fact]
    public void The_median_is_the_middle_files_length() =>
        Assert.Equal(2, SourceRules.Median([File("a", "1\n2\n3\n"), File("b", "1"), File("c", "1\n2\n")]));

    [Theory]
    [InlineData("class ReplicaManager { }")]
    [InlineData("static class StringHelper;")]
    [InlineData("public record struct HostInfo(int A);")]
    [InlineData("interface IReplicaData { }")]
    [InlineData("static class Utils { }")]
    public void A_vague_name_is_noticed(string code) => Assert.NotEmpty(SourceRules.VagueNames(File("src/A.cs", code)));

    [Theory]
    [InlineData("class Dataset { } class Information { } // class FooHelper")]
    [InlineData("var s = \"Info\"; class ManagerOfNothing;")]
    public void A_plain_name_passes(string code) => Assert.Empty(SourceRules.VagueNames(File("src/A.cs", code)));

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("/* FIXME */")]
    [InlineData("throw new NotImplementedException();")]
    public void Undone_work_is_noticed(string code) => Assert.NotEmpty(SourceRules.LeftUndone(File("src/A.cs", code)));

    [Theory]
    [InlineData("#pragma warning disable CA1000")]
    [InlineData("[SuppressMessage(\"a\", \"b\")] class A;")]
    [InlineData("#nullable disable")]
    public void A_silenced_warning_is_noticed(string code) => Assert.NotEmpty(SourceRules.SilencedWarnings(File("src/A.cs", code)));

    [Theory]
    [InlineData("using System.Net;")]
    [InlineData("using Microsoft.AspNetCore.Http;")]
    [InlineData("HttpStatusCode code;")]
    public void Network_in_a_policy_is_noticed(string code)
    {
        Assert.NotEmpty(SourceRules.NetworkInPolicies(File("src/Mainstay.Resilience/Limits/A.cs", code)));
        Assert.Empty(SourceRules.NetworkInPolicies(File("src/Mainstay.Edge/Limits/A.cs", code)));
    }

    [Theory]
    [InlineData("using Microsoft.AspNetCore.Http;", "Listening/A.cs")]
    [InlineData("HttpContext context;", "EdgeServer.cs")]
    [InlineData("using System.Net.Http;", "Forwarding/Http2/A.cs")]
    [InlineData("new SocketsHttpHandler()", "Forwarding/Http2/A.cs")]
    public void The_server_is_allowed_in_its_adapter_only(string code, string adapter)
    {
        Assert.Empty(SourceRules.ServersInSteps(File("src/Mainstay.Edge/" + adapter, code)));
        Assert.NotEmpty(SourceRules.ServersInSteps(File("src/Mainstay.Edge/Routing/A.cs", code)));
        Assert.Empty(SourceRules.ServersInSteps(File("src/Mainstay.Edge/Routing/A.cs", "// " + code)));
    }

    [Theory]
    [InlineData("Thread.Sleep(10);")]
    [InlineData("await Task.Delay(10);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), cancel);")]
    public void A_sleeping_test_is_noticed(string code) => Assert.NotEmpty(WaitingRules.Sleeps(File("tests/A.cs", code)));

    [Theory]
    [InlineData("await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancel);")]
    [InlineData("await Task.Delay(Timeout.Infinite, cancel);")]
    [InlineData("await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System); // Thread.Sleep(1)")]
    public void A_test_that_waits_by_a_clock_passes(string code) => Assert.Empty(WaitingRules.Sleeps(File("tests/A.cs", code)));

    [Fact]
    public void A_test_folder_without_a_counterpart_is_noticed()
    {
        HashSet<string> folders = ["src/Mainstay.Edge/Forwarding/Http1", "src/Mainstay.Edge/Routing"];
        Assert.NotEmpty(MirrorRule.Misplaced("tests/Mainstay.Edge.Tests/Services/A.cs", folders));
        Assert.Empty(MirrorRule.Misplaced("tests/Mainstay.Edge.Tests/Forwarding/A.cs", folders));
        Assert.Empty(MirrorRule.Misplaced("tests/Mainstay.Edge.Tests/Fakes/A.cs", folders));
        Assert.Empty(MirrorRule.Misplaced("tests/Mainstay.Edge.Tests/A.cs", folders));
    }

    [Theory]
    [InlineData("var a = \"// no comment\";", "var a = \"// no comment\";")]
    [InlineData("a /* b\n c */ d", "a \n d")]
    [InlineData("var q = '\"'; // gone", "var q = '\"'; ")]
    [InlineData("var v = @\"\\\"; // gone", "var v = @\"\\\"; ")]
    [InlineData("var r = \"\"\"a // \" b\"\"\"; // gone", "var r = \"\"\"a // \" b\"\"\"; ")]
    [InlineData("// all of it", "")]
    public void Comments_are_told_from_code(string text, string code) => Assert.Equal(code, SourceCode.WithoutComments(text));

    private static SourceFile File(string path, string text) => new(path, text);
}
