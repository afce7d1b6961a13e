using System.Globalization;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>One experiment in the page: verdict, picture, findings, and what was done and seen.</summary>
internal static class HtmlExperiment
{
    /// <summary>More of them are told by their number only: a list is read, or it is in report.json.</summary>
    private const int MostHappenings = 200;

    public static Markup Of(ExperimentReport experiment) => Markup.Of($"""
        <article class="{experiment.Verdict.Word()}" id="{HtmlPage.Anchor(experiment)}">
        <header>
        <h3>{experiment.Name} <span class="subject">{experiment.Subject}</span></h3>
        {HtmlPage.Verdict(experiment.Verdict)}
        <p class="number">{experiment.Number}</p>
        </header>
        <p class="reason">{experiment.Judgement.Deciding.Text}: {experiment.Judgement.Deciding.Reason}</p>
        {Figure(experiment)}
        {Findings(experiment)}
        {Happenings(experiment)}
        <p class="fine">seed {experiment.Seed.ToString(CultureInfo.InvariantCulture)} · load {string.Join(", ", experiment.Streams)}</p>
        </article>

        """);

    private static Markup Figure(ExperimentReport experiment) => experiment.Timeline.IsEmpty ? new("") : Markup.Of($"""
        <figure>
        {Picture.Of(experiment)}
        <figcaption><span class="key good">good</span><span class="key refused">refused</span><span class="key failed">failed</span><span class="key line p50">p50</span><span class="key line p99">p99</span><span class="key line objective">objective</span></figcaption>
        </figure>
        """);

    private static Markup Findings(ExperimentReport experiment) => Markup.Of($"""
        <table class="findings">
        <thead><tr><th>verdict</th><th>expected</th><th>seen</th><th class="number">samples</th></tr></thead>
        <tbody>
        {Markup.Join(experiment.Judgement.Findings.OrderBy(finding => finding.Evidence).Select(Finding))}
        </tbody>
        </table>
        """);

    private static Markup Finding(Finding finding) => Markup.Of($"""
        <tr class="{(finding.Evidence ? "evidence" : "promise")}"><td>{HtmlPage.Verdict(finding.Verdict)}</td><td>{finding.Text}<span class="from">{Origin(finding)}</span></td><td>{finding.Reason}</td><td class="number">{Figures.Count(finding.Samples)}</td></tr>

        """);

    private static string Origin(Finding finding) =>
        finding.Evidence ? $"{finding.Claim} · condition" : $"{finding.Claim} · {(finding.From.Length > 0 ? finding.From : "default")}";

    private static Markup Happenings(ExperimentReport experiment)
    {
        if (experiment.Happenings.IsEmpty)
            return new("");
        // By reference: the same may happen twice.
        var marks = new Dictionary<Happening, PictureMark>(ReferenceEqualityComparer.Instance);
        foreach (var mark in PictureMark.Of(experiment.Happenings))
            marks[mark.Happening] = mark;
        var left = experiment.Happenings.Length - MostHappenings;
        return Markup.Of($"""
            <details>
            <summary>What was done and seen ({experiment.Happenings.Length})</summary>
            <table class="happenings"><tbody>
            {Markup.Join(experiment.Happenings.Take(MostHappenings).Select(happening => Row(happening, marks.GetValueOrDefault(happening))))}
            </tbody></table>
            {(left > 0 ? Markup.Of($"<p class=\"fine\">and {left} more, in report.json</p>") : new Markup(""))}
            </details>
            """);
    }

    private static Markup Row(Happening happening, PictureMark? mark) => Markup.Of($"""
        <tr><td class="number">{Time(happening.At)}</td><td>{(mark is null ? new Markup("") : Markup.Of($"""<span class="letter {mark.Tone}">{mark.Letter}</span>"""))}</td><td><code>{happening.Kind}</code></td><td>{happening.Text}<span class="from">{string.Join(" · ", happening.Numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key} {number.Value:0.###}")))}</span></td></tr>

        """);

    private static string Time(long micros) => string.Create(CultureInfo.InvariantCulture, $"{micros / 1e6:0.000} s");
}
