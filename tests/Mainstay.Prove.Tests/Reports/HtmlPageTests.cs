using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mainstay.Prove.Reports;

namespace Mainstay.Prove.Tests.Reports;

public sealed partial class HtmlPageTests
{
    private static readonly string Page = Encoding.UTF8.GetString(HtmlPage.Write(MadeUpRun.Report));

    [Fact]
    public void Nothing_comes_from_outside_and_nothing_runs()
    {
        Assert.DoesNotMatch("(?i)<(script|link|img|iframe|object|embed|base|form)\\b", Page);
        Assert.DoesNotMatch("(?i)\\s(on[a-z]+|style|src)\\s*=", Page);
        Assert.DoesNotMatch("(?i)(https?:)?//[a-z]", Page);
        Assert.All(Links().Matches(Page), link => Assert.StartsWith("#", link.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_policy_allows_its_own_style_by_hash()
    {
        var style = StyleSheet().Match(Page).Groups[1].Value;
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", Page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_has_its_place()
    {
        foreach (var link in Links().Matches(Page).Select(link => link.Groups[1].Value[1..]))
            Assert.Contains($"id=\"{link}\"", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_experiment_has_the_place_of_another()
    {
        var report = MadeUpRun.Report.Experiments.First(one => one.Name == "kill-replica");
        var own = report with { Name = $"kill-replica-{report.Subject}", Subject = "" };
        Assert.NotEqual(HtmlPage.Anchor(report), HtmlPage.Anchor(own));
    }

    [Fact]
    public void Every_experiment_has_a_well_formed_picture_with_its_marks()
    {
        foreach (var experiment in MadeUpRun.Report.Experiments)
        {
            var picture = XDocument.Parse(Picture.Of(experiment).Text);
            Assert.Equal(experiment.Phases.Length, picture.Descendants("rect").Count(rect => rect.Attribute("class")!.Value.StartsWith("band", StringComparison.Ordinal)));
            Assert.Equal(
                PictureMark.Of(experiment.Happenings).Count(), picture.Descendants("path").Count(path => path.Attribute("class")!.Value.StartsWith("mark", StringComparison.Ordinal)));
            Assert.Contains(picture.Descendants("path"), path => path.Attribute("class")!.Value == "line p99");
        }
    }

    [Fact]
    public void A_single_failure_can_be_seen()
    {
        var experiment = MadeUpRun.Report.Experiments[0];
        var one = experiment with { Timeline = [.. experiment.Timeline.Select((second, index) => index == 3 ? second with { Failed = 1, Good = 5000 } : second)] };
        var bar = XDocument.Parse(Picture.Of(one).Text).Descendants("rect").Single(rect => rect.Attribute("class")!.Value == "failed");
        Assert.True(double.Parse(bar.Attribute("height")!.Value) >= 3);
    }

    [Fact]
    public void A_run_that_shows_nothing_says_so() =>
        Assert.Contains("nothing is shown", Encoding.UTF8.GetString(HtmlPage.Write(MadeUpRun.Report with { Experiments = [] })), StringComparison.Ordinal);

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleSheet();
}
