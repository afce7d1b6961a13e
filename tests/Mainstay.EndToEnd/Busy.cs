using System.Text.Json;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>The app that does what the path says, and what must be true of a load that it was well under.</summary>
internal static class Busy
{
    private static readonly string Dll = Counter.Dll.Replace("Counter", "Busy", StringComparison.Ordinal);

    /// <summary>A manifest whose only service is the app.</summary>
    public static string Manifest(int places = 4, int serviceMs = 20) => $$"""
        name: busy
        edge: { listen: "http://127.0.0.1:{PORT}" }
        services:
          web:
            command: [dotnet, "{{Dll}}"]
            environment: { PLACES: "{{places}}", SERVICE_MS: "{{serviceMs}}", BURN_MS: "1" }
            deploy: { ready_for: 500ms }
        """;

    /// <summary>Every request was answered with 200, enough were sent for that to mean something, and nothing was refused, not even unseen.</summary>
    public static async Task AssertLeftAloneAsync(MainstayRun run, OpenLoadReport report, JsonElement before, int atLeast)
    {
        var all = report.Slice();
        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        Assert.True(all.Sent >= atLeast, $"Only {all.Sent} requests were sent, {atLeast} were wanted.");
        var after = await run.StatusAsync();
        Assert.True(
            all.Good == all.Sent && Shed(after) == 0,
            $"{report}\n{Shed(after)} shed\n\nbefore: {before.GetProperty("edge")}\n\nafter: {after.GetProperty("edge")}\n\nWhat Mainstay said:\n{run.Program.Tail}");
    }

    /// <summary>What was refused for overload on all routes, or would have been.</summary>
    public static long Shed(JsonElement status) => status.GetProperty("edge").GetProperty("routes").EnumerateArray()
        .Sum(route => route.GetProperty("shed").GetInt64() + route.GetProperty("would_shed").GetInt64());
}
