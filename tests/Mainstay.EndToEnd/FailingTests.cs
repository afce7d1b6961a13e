using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A service whose answers fail: not made worse by what is sent to it, not asked in vain, found again when it recovers.</summary>
public sealed class FailingTests
{
    [Fact]
    public async Task A_breaker_opens_at_two_requests_a_second_and_closes_again()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.txt", "come back later");
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1) + """

            routes:
              - { path: /flaky, service: web, fallback: { status: 503, file: sorry.txt } }
              - { path: /**, service: web }
            """);
        await HttpConnection.OnceAsync(run.Port, new("POST", "/failing?percent=100"));
        var began = TimeProvider.System.GetTimestamp();
        HttpAnswer answer;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            answer = await HttpConnection.OnceAsync(run.Port, new("GET", "/flaky"));
        }
        while (answer.Status == 500 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
        var opened = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(503, answer.Status);
        Assert.Equal("fallback", answer.Header("Mainstay-Degraded"));
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.Equal("come back later", answer.Text);
        Assert.True(opened <= TimeSpan.FromSeconds(10), $"open after {opened}");

        await HttpConnection.OnceAsync(run.Port, new("POST", "/failing?percent=0"));
        began = TimeProvider.System.GetTimestamp();
        while ((answer = await HttpConnection.OnceAsync(run.Port, new("GET", "/flaky"))).Status != 200 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20))
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var closed = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"open after {opened}, closed after {closed}");
        Assert.Equal(200, answer.Status);
        Assert.True(closed <= TimeSpan.FromSeconds(10), $"closed after {closed}");
    }

    [Fact]
    public async Task Half_of_the_answers_failing_cost_no_more_than_a_fifth_more_attempts()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        await HttpConnection.OnceAsync(run.Port, new("POST", "/failing?percent=50"));
        await using var load = SteadyLoad.Start(run.Port, 200, _ => new("GET", "/flaky"), (_, answer) => answer.Status is 200 or 500 ? null : $"status {answer.Status}");
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 6, full: 60)), TimeProvider.System);
        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: 1000, run);
        var asked = int.Parse((await HttpConnection.OnceAsync(run.Port, new("GET", "/asked"))).Text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(asked <= 1.2 * report.Total, $"{asked} attempts for {report.Total} requests");
    }
}
