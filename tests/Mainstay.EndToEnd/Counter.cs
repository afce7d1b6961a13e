using System.Reflection;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>The app under test, and the manifests that run it.</summary>
internal static class Counter
{
    public static string Dll { get; } = Path.Combine(
        MainstayRun.Root, "tests/Mainstay.EndToEnd/apps/Counter/bin",
        typeof(Counter).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!,
        "net10.0/Counter.dll");

    /// <summary>A manifest whose only service is the app; more keys of the service go into <paramref name="keys"/>, one a line.</summary>
    public static string Manifest(int replicas, params string[] keys) => $$"""
        name: counter
        edge: { listen: "http://127.0.0.1:{PORT}" }
        services:
        {{Service("web", replicas, keys)}}
        """;

    public static string Service(string name, int replicas, params string[] keys) => $"""
          {name}:
            command: [dotnet, "{Dll}"]
            replicas: {replicas}
            health: /readyz
            {string.Join("\n    ", keys)}
        """.TrimEnd();

    /// <summary>Every request was answered, and enough were sent for that to mean something.</summary>
    public static void AssertNoneFailed(LoadReport report, int atLeast, MainstayRun run)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Total >= atLeast, $"Only {report.Total} requests were sent, {atLeast} were wanted.");
        Assert.True(report.Failed == 0, $"{report}\n\nWhat Mainstay said:\n{run.Program.Tail}");
    }
}
