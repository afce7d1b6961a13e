using System.Globalization;
using System.Text;
using System.Xml;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>For pipelines: pillar = suite, experiment = case, violated = failure, inconclusive = error.</summary>
internal static class JUnitXml
{
    public static byte[] Write(ProveReport report)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new() { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "mainstay prove");
            Counts(xml, report.Experiments);
            xml.WriteAttributeString("time", Time(report.Seconds));
            foreach (var pillar in report.ByPillar())
                Suite(xml, report, pillar.Key, [.. pillar]);
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static void Suite(XmlWriter xml, ProveReport report, string pillar, List<ExperimentReport> experiments)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", PlainText.Of(pillar));
        Counts(xml, experiments);
        xml.WriteAttributeString("timestamp", report.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        foreach (var experiment in experiments)
            Case(xml, experiment);
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, ExperimentReport experiment)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", PlainText.Of($"mainstay.{experiment.Pillar}"));
        xml.WriteAttributeString("name", PlainText.Of(experiment.Title));
        xml.WriteAttributeString("time", Time(experiment.Phases.Select(phase => phase.To / 1e6).DefaultIfEmpty().Max()));
        if (experiment.Verdict != Verdict.Holds)
        {
            xml.WriteStartElement(experiment.Verdict == Verdict.Violated ? "failure" : "error");
            xml.WriteAttributeString("type", PlainText.Of(experiment.Judgement.Deciding.Claim));
            xml.WriteAttributeString("message", PlainText.Of(experiment.Judgement.Deciding.Reason));
            xml.WriteString(string.Join('\n', experiment.Judgement.Findings.Where(finding => finding.Verdict != Verdict.Holds).Select(Line)));
            xml.WriteEndElement();
        }

        xml.WriteStartElement("system-out");
        xml.WriteString(string.Join('\n', experiment.Judgement.Findings.Select(Line)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Line(Finding finding) => PlainText.Of($"{finding.Verdict.Word()}: {finding.Text} ({finding.From}): {finding.Reason}");

    private static void Counts(XmlWriter xml, IReadOnlyCollection<ExperimentReport> experiments)
    {
        xml.WriteAttributeString("tests", Count(experiments.Count));
        xml.WriteAttributeString("failures", Count(experiments.Count(experiment => experiment.Verdict == Verdict.Violated)));
        xml.WriteAttributeString("errors", Count(experiments.Count(experiment => experiment.Verdict == Verdict.Inconclusive)));
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
