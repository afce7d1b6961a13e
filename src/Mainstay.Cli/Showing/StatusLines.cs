using System.Globalization;
using Mainstay.Contracts.Control;
using Spectre.Console;
using Style = Mainstay.Cli.Terminal.Style;

namespace Mainstay.Cli.Showing;

/// <summary><c>status</c> for people: the edge, a table of replicas, and under it why some are not well.</summary>
internal static class StatusLines
{
    /// <summary>Wide enough that no row ever wraps: a terminal that is too narrow wraps by itself.</summary>
    private const int Width = 400;

    private static readonly string[] Columns = ["SERVICE", "REPLICA", "STATE", "PID", "ADDRESS", "RELEASE", "IN FLIGHT", "MEMORY", "RESTARTS", "SINCE"];
    private static readonly string[] Numbers = ["PID", "RELEASE", "IN FLIGHT", "MEMORY", "RESTARTS", "SINCE"];

    public static IReadOnlyList<string> Of(StatusReport report, DateTimeOffset now, Style style)
    {
        var edge = report.Edge;
        List<string> lines =
        [
            $"{style.Bold(report.Name)}  {string.Join(' ', edge.Listen)}  {(edge.Ready ? style.Good("ready") : style.Warn("not ready"))}",
            style.Dim($"{Counted.Of(edge.Connections, "connection")}, {Counted.Of(edge.Requests, "request")}, {Counted.Of(edge.Retries, "retry", "retries")}, {edge.Waiting} waiting"),
            "",
        ];
        lines.AddRange(Table(report, now, style));
        var reasons = Reasons(report, style).ToList();
        if (reasons.Count > 0)
            lines.AddRange(["", .. reasons]);
        return lines;
    }

    private static IEnumerable<string> Table(StatusReport report, DateTimeOffset now, Style style)
    {
        var table = new Table().NoBorder();
        foreach (var name in Columns)
        {
            var column = new TableColumn(new Text(name, new Spectre.Console.Style(decoration: Decoration.Bold))).NoWrap().Padding(0, 0, 2, 0);
            table.AddColumn(Numbers.Contains(name) ? column.RightAligned() : column);
        }
        foreach (var service in report.Services)
        {
            foreach (var replica in service.Replicas)
                table.AddRow(Row(service, replica, now));
            foreach (var url in service.Urls ?? [])
                table.AddRow(Texts(service.Name, "", "external", "", url, "", "", "", "", ""));
        }
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = style.Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = style.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Width;
        console.Write(table);
        return text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd());
    }

    private static Text[] Row(ServiceStatus service, ReplicaStatus replica, DateTimeOffset now)
    {
        var row = Texts(
            service.Name,
            replica.Name,
            replica.State,
            Shown(replica.Pid),
            replica.Address ?? "-",
            Shown(replica.Release),
            Shown(replica.InFlight),
            replica.MemoryBytes is { } bytes ? $"{bytes / (1024d * 1024d):0} MiB" : "-",
            Shown(replica.Restarts),
            Durations.Age(now - replica.Since));
        row[2] = new(replica.State, new Spectre.Console.Style(replica.State switch
        {
            "ready" => Color.Green,
            "crashed" or "ejected" => Color.Red,
            _ => Color.Yellow,
        }));
        return row;
    }

    private static IEnumerable<string> Reasons(StatusReport report, Style style)
    {
        foreach (var service in report.Services)
        {
            if (service.Rollout is { } rollout)
                yield return $"{style.Bold(service.Name)}: {rollout}";
            foreach (var replica in service.Replicas)
            {
                if (replica.Reason is { } reason)
                    yield return $"{style.Bold(replica.Name)} {replica.State}: {reason}";
                foreach (var line in replica.LastLines ?? [])
                    yield return $"    {style.Foreign(line)}";
            }
        }
    }

    private static Text[] Texts(params string[] cells) => [.. cells.Select(cell => new Text(cell))];

    private static string Shown(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
