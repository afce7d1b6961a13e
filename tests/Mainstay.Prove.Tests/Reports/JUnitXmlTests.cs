using System.Xml.Linq;
using Mainstay.Prove.Reports;

namespace Mainstay.Prove.Tests.Reports;

public sealed class JUnitXmlTests
{
    private static readonly XElement Root = XDocument.Load(new MemoryStream(JUnitXml.Write(MadeUpRun.Report))).Root!;

    [Fact]
    public void Pillars_are_suites_and_experiments_are_cases()
    {
        Assert.Equal(["lifecycle", "observability", "resilience"], Root.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        Assert.Equal(("6", "1", "1"), Counts(Root));
        var resilience = Root.Elements("testsuite").Last();
        Assert.Equal(("4", "1", "1"), Counts(resilience));
        Assert.Equal(4, resilience.Elements("testcase").Count());
    }

    [Fact]
    public void Violated_is_a_failure_and_inconclusive_an_error()
    {
        Assert.Equal("dependency-slow database", Assert.Single(Root.Descendants("failure")).Parent!.Attribute("name")!.Value);
        Assert.Equal("kill-replica worker", Assert.Single(Root.Descendants("error")).Parent!.Attribute("name")!.Value);
    }

    private static (string, string, string) Counts(XElement element) =>
        (element.Attribute("tests")!.Value, element.Attribute("failures")!.Value, element.Attribute("errors")!.Value);
}
