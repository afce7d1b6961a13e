using System.Globalization;
using Mainstay.Contracts.Control;
using Spectre.Console;
using Style = Mainstay.Cli.Terminal.Style;

namespace Mainstay.Cli.Showing;

/// <summary><c>status</c> for people: the edge, a table of replicas, one of routes, and under them why some are not well and what happened.</summary>
internal static class StatusLines
{
    /// <summary>Wide enough that no row ever wraps: a terminal that is too narrow wraps by itself.</summary>
    private const int Width = 400;

    private static readonly string[] ReplicaColumns = ["SERVICE", "REPLICA", "STATE", "PID", "ADDRESS", "RELEASE", "IN FLIGHT", "MEMORY", "RESTARTS", "SINCE"];
    private static readonly string[] RouteColumns = ["ROUTE", "SERVICE", "PRIORITY", "CONCURRENCY", "LIMIT", "IN FLIGHT", "QUEUED", "SHED", "BREAKER"];
    private static readonly HashSet<string> Numbers = ["PID", "RELEASE", "IN FLIGHT", "MEMORY", "RESTARTS", "SINCE", "LIMIT", "QUEUED", "SHED", "HEDGED (WON)"];

    /// <summary>Events shown; all that are kept are in <c>--json</c>.</summary>
    private const int MostEvents = 8;

    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<string> Of(StatusReport report, DateTimeOffset now, Style style)
    {
        var edge = report.Edge;
        List<string> lines =
        [
            $"{style.Bold(report.Name)}  {string.Join(' ', edge.Listen)}  {(edge.Ready ? style.Good("ready") : style.Warn("not ready"))}",
            style.Dim($"{Counted.Of(edge.Connections, "connection")}, {Counted.Of(edge.Requests, "request")}, {Counted.Of(edge.Retries, "retry", "retries")}, {edge.Waiting} waiting"),
            "",
        ];
        lines.AddRange(Table(ReplicaColumns, report.Services.SelectMany(service => Rows(report, service, now)), style));
        if (edge.Routes is { Count: > 0 } routes)
            lines.AddRange(["", .. RouteTable(routes, style)]);
        var reasons = Reasons(report, style).ToList();
        if (reasons.Count > 0)
            lines.AddRange(["", .. reasons]);
        var events = (edge.Events ?? []).Where(happened => now - happened.At < Recently).TakeLast(MostEvents).ToList();
        if (events.Count > 0)
            lines.AddRange(["", .. events.Select(happened => $"{style.Dim(Durations.Age(now - happened.At) + " ago")}  {style.Bold(happened.Subject)}: {happened.What}")]);
        return lines;
    }

    private static IEnumerable<string> RouteTable(IReadOnlyList<RouteStatus> routes, Style style) => routes.Any(route => route.Hedge is not null)
        ? Table([.. RouteColumns, "HEDGED (WON)"], routes.Select(route => (Text[])[.. Row(route), new Text(Shown(route.Hedge))]), style)
        : Table(RouteColumns, routes.Select(Row), style);

    private static IEnumerable<string> Table(string[] columns, IEnumerable<Text[]> rows, Style style)
    {
        var table = new Table().NoBorder();
        foreach (var name in columns)
        {
            var column = new TableColumn(new Text(name, new Spectre.Console.Style(decoration: Decoration.Bold))).NoWrap().Padding(0, 0, 2, 0);
            table.AddColumn(Numbers.Contains(name) ? column.RightAligned() : column);
        }
        foreach (var row in rows)
            table.AddRow(row);
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

    private static IEnumerable<Text[]> Rows(StatusReport report, ServiceStatus service, DateTimeOffset now)
    {
        foreach (var replica in service.Replicas)
            yield return Row(service, replica, now);
        foreach (var url in service.Urls ?? [])
        {
            var upstream = report.Edge.Upstreams?.FirstOrDefault(known => known.Service == service.Name && url.EndsWith("//" + known.Address, StringComparison.Ordinal));
            var row = Texts(service.Name, "", upstream?.State ?? "external", "", url, "", upstream is null ? "" : Shown(upstream.InFlight), "", "", "");
            row[2] = Stated(upstream?.State ?? "external");
            yield return row;
        }
    }

    private static Text[] Row(RouteStatus route)
    {
        var shed = route.Concurrency == "observe" ? $"({Shown(route.WouldShed)})" : Shown(route.Shed);
        var row = Texts(
            route.Route, route.Service, route.Priority, route.Concurrency, Shown(route.Limit), Shown(route.InFlight), Shown(route.Queued), shed, "");
        row[^1] = Stated(route.Breaker);
        return row;
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
        row[2] = Stated(replica.State);
        return row;
    }

    private static Text Stated(string state) => new(state, new Spectre.Console.Style(state switch
    {
        "ready" or "closed" => Color.Green,
        "crashed" or "ejected" or "open" => Color.Red,
        "external" => Color.Default,
        _ => Color.Yellow,
    }));

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
        foreach (var reason in TrafficReasons(report.Edge, style))
            yield return reason;
    }

    private static IEnumerable<string> TrafficReasons(EdgeStatus edge, Style style)
    {
        foreach (var upstream in edge.Upstreams ?? [])
        {
            if (upstream.Reason is { } reason)
                yield return $"{style.Bold(upstream.Address)} {upstream.State}: {reason}";
        }
        foreach (var route in edge.Routes ?? [])
        {
            if (route.Reason is { } reason)
                yield return $"{style.Bold(route.Route)}: {reason}";
        }
    }

    private static Text[] Texts(params string[] cells) => [.. cells.Select(cell => new Text(cell))];

    private static string Shown(HedgeStatus? hedge) => hedge is null ? "-" : $"{Shown(hedge.Made)} ({Shown(hedge.Won)})";

    private static string Shown(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
