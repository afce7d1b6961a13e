using System.Text;
using System.Xml;
using System.Xml.Linq;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Reports;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Tests.Verdicts;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Reports;

/// <summary>What an application, a manifest or an attacker may write must not become markup, break a file or move a cursor.</summary>
public sealed class HostileTextTests
{
    private const string Evil = "</style><script>alert(1)</script>\"'&\0\u0001\e[31m\u009b\u202e\ufffe\ud800\r\n]]>";

    private static readonly ProveReport Report = MadeUpRun.Of(
        [Runs.Of(Runs.Spread(0, 10, 400).Concat(Runs.Fault(400, 1))).Seeing(Happening.Of(5, Evil, Evil, Evil, (Evil, 1)), Happening.Of(20_000_000, "killed", Evil, Evil)).With(
            NoFailures.Expect(Evil, Evil, "load", Phase.Names.Fault)) with
        { Experiment = Evil, Subject = Evil, Pillar = Evil, Streams = [Histories.Get with { Name = Evil }] }])
        with
    { Manifest = Evil, Machine = Evil, MainstayVersion = Evil, LeftOut = [new(Evil, Evil)] };

    [Fact]
    public void The_page_has_no_script_and_no_control_character()
    {
        var page = Encoding.UTF8.GetString(HtmlPage.Write(Report));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, Count(page, "</style>"));
        Assert.DoesNotContain(page, letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain('\u202e', page);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_junit_file_is_well_formed()
    {
        var read = XDocument.Load(XmlReader.Create(new MemoryStream(JUnitXml.Write(Report))));
        Assert.Contains("<script>", read.Descendants("failure").Single().Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_badge_is_well_formed() => XDocument.Load(XmlReader.Create(new MemoryStream(Badge.Write(Report))));

    [Fact]
    public void The_terminal_gets_no_escape_sequences() =>
        Assert.DoesNotContain(TerminalSummary.Lines(Report), line => line.Text.Any(char.IsControl));

    [Fact]
    public void The_json_is_valid() => System.Text.Json.JsonDocument.Parse(ReportJson.Write(Report));

    [Fact]
    public void Even_such_a_finding_is_judged() => Assert.Equal(Verdict.Violated, Report.Verdict);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
