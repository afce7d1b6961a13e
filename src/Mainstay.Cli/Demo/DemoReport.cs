using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Demo;

/// <summary>The document of <c>demo --json</c>. Times are seconds since the storm's beginning.</summary>
/// <param name="Seconds">The storm's length.</param>
/// <param name="App">What was kept running.</param>
/// <param name="RequestsPerSecond">Outside of the overload.</param>
/// <param name="Contenders">How each came through.</param>
internal sealed record DemoReport(int Seconds, string App, double RequestsPerSecond, IReadOnlyList<ContenderReport> Contenders)
{
    public static DemoReport Of(Storm storm, StormApp app, IEnumerable<StormResult> results) =>
        new(storm.Seconds, app.Name, StormLoad.PerSecond, [.. results.Select(ContenderReport.Of)]);
}

/// <param name="Name">Whose.</param>
/// <param name="Score">In one line.</param>
/// <param name="Orders">What its workers carried out.</param>
/// <param name="LagP99">How late the load itself was with 99 % of the requests, at most.</param>
/// <param name="Acts">What was done to it.</param>
/// <param name="Seconds">Second by second.</param>
internal sealed record ContenderReport(
    string Name, StormScore Score, OrderCount Orders, double LagP99, IReadOnlyList<ActReport> Acts, IReadOnlyList<StormSecond> Seconds)
{
    public static ContenderReport Of(StormResult result) => new(
        result.Contender,
        result.Score,
        result.Orders,
        result.LagP99,
        [.. result.Acts.Select(act => new ActReport(act.Act.Title, act.At, act.Until, act.What, act.Bit))],
        result.Seconds);
}

/// <param name="Title">Two or three words.</param>
/// <param name="At">When it began.</param>
/// <param name="Until">When it was over.</param>
/// <param name="What">One line, with process ids.</param>
/// <param name="Bit">Whether it was seen to happen.</param>
internal sealed record ActReport(string Title, double At, double Until, string What, bool Bit);
