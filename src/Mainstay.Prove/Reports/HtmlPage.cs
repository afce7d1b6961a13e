using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>
/// The report for people: one file, no scripts, nothing from outside. Its own policy allows one style sheet, by its hash, and nothing else.
/// </summary>
internal static class HtmlPage
{
    private static readonly string Style = ReadStyle();

    public static byte[] Write(ProveReport report)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));
        return Encoding.UTF8.GetBytes(Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{new Markup(hash)}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{report.Verdict.Sign()} {report.Manifest} – mainstay prove</title>
            <style>{new Markup(Style)}</style>
            </head>
            <body>
            <main>
            {Head(report)}
            {Pillars(report)}
            {Overview(report)}
            {LeftOut(report)}
            {Markup.Join(report.ByPillar().Select(Pillar))}
            </main>
            <footer>Mainstay {report.MainstayVersion} · holds: the evidence is enough, and for it · violated: enough, and against it · inconclusive: too little, or under
            conditions that make it worthless; never a pass</footer>
            </body>
            </html>

            """).Text);
    }

    public static Markup Verdict(Verdict verdict) => Markup.Of($"""
        <span class="verdict {verdict.Word()}"><span class="sign" aria-hidden="true">{verdict.Sign()}</span>{verdict.Word()}</span>
        """);

    /// <summary>The place of an experiment in the page. No name has a dot, so what is one's name cannot be another's subject.</summary>
    public static string Anchor(ExperimentReport experiment) => $"x-{experiment.Name}.{Plain(experiment.Subject)}";

    private static Markup Head(ProveReport report) => Markup.Of($"""
        <header class="{report.Verdict.Word()}">
        <p class="what">mainstay prove <b>{report.Manifest}</b></p>
        <h1><span class="sign" aria-hidden="true">{report.Verdict.Sign()}</span>{TerminalSummary.Conclusion(report)}</h1>
        <dl class="facts">
        <div><dt>started</dt><dd>{report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC</dd></div>
        <div><dt>took</dt><dd>{Duration(report.Seconds)} of {Duration(report.BudgetSeconds)}</dd></div>
        <div><dt>seed</dt><dd>{report.Seed.ToString(CultureInfo.InvariantCulture)}</dd></div>
        <div><dt>machine</dt><dd>{report.Machine}</dd></div>
        <div><dt>Mainstay</dt><dd>{report.MainstayVersion}</dd></div>
        </dl>
        </header>
        """);

    private static Markup Pillars(ProveReport report) => Markup.Of($"""
        <nav class="pillars" aria-label="Pillars">
        {Markup.Join(report.ByPillar().Select(pillar => Markup.Of($"""
            <a class="pillar {pillar.Max(experiment => experiment.Verdict).Word()}" href="#p-{Plain(pillar.Key)}">
            <b>{pillar.Key}</b>
            <span class="counts">{Markup.Join(pillar.GroupBy(experiment => experiment.Verdict).OrderBy(group => group.Key).Select(group =>
                Markup.Of($"""<span class="count {group.Key.Word()}"><span class="sign" aria-hidden="true">{group.Key.Sign()}</span>{group.Count()} {Short(group.Key, group.Count())}</span>""")))}</span>
            </a>
            """)))}
        </nav>
        """);

    private static Markup Overview(ProveReport report) => Markup.Of($"""
        <table class="overview">
        <thead><tr><th>pillar</th><th>experiment</th><th>verdict</th><th>decided by</th></tr></thead>
        <tbody>
        {Markup.Join(report.ByPillar().SelectMany(pillar => pillar.Select((experiment, index) => Markup.Of($"""
            <tr><td>{(index == 0 ? pillar.Key : "")}</td><td><a href="#{Anchor(experiment)}">{experiment.Name}</a> <span class="subject">{experiment.Subject}</span></td><td>{Verdict(experiment.Verdict)}</td><td class="number">{experiment.Number}</td></tr>

            """))))}
        </tbody>
        </table>
        """);

    private static Markup LeftOut(ProveReport report) => report.LeftOut.IsEmpty ? new("") : Markup.Of($"""
        <section class="left-out"><h2>Left out</h2>
        <ul>{Markup.Join(report.LeftOut.Select(left => Markup.Of($"<li><code>{left.What}</code> {left.Reason}</li>")))}</ul>
        </section>
        """);

    private static Markup Pillar(IGrouping<string, ExperimentReport> pillar) => Markup.Of($"""
        <section class="of-pillar" id="p-{Plain(pillar.Key)}">
        <h2>{pillar.Key}</h2>
        {Markup.Join(pillar.Select(HtmlExperiment.Of))}
        </section>
        """);

    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private static string Short(Verdict verdict, int count) => verdict == Prove.Verdicts.Verdict.Holds && count != 1 ? "hold" : verdict.Word();

    private static string Duration(double seconds) =>
        seconds < 60 ? $"{Figures.Digits(seconds)} s" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)} min {Math.Floor(seconds % 60):00} s");

    private static string ReadStyle()
    {
        using var style = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!);
        return style.ReadToEnd();
    }
}
