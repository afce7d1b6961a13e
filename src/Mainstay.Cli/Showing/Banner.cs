using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Showing;

/// <summary>The line that says that everything is up: <c>Mainstay serves shop on http://127.0.0.1:8080 — web: 2 ready</c>.</summary>
internal static class Banner
{
    public static string Of(StatusReport report, Style style) =>
        $"{style.Bold("Mainstay serves")} {style.Bold(style.Good(report.Name))} on {style.Bold(string.Join(" and ", report.Edge.Listen))} — {string.Join(", ", report.Services.Select(Service))}";

    /// <summary>For a core that goes on with what another one ran: it has only begun to look at the replicas.</summary>
    public static string Again(StatusReport report, Style style) =>
        $"{style.Bold("Mainstay goes on serving")} {style.Bold(style.Good(report.Name))} on {style.Bold(string.Join(" and ", report.Edge.Listen))} — {string.Join(", ", report.Services.Select(Running))}";

    private static string Running(ServiceStatus service) => service.Urls is { Count: > 0 } urls
        ? $"{service.Name}: {string.Join(' ', urls)}"
        : $"{service.Name}: {Counted.Of(service.Replicas.Count, "replica")}";

    private static string Service(ServiceStatus service)
    {
        if (service.Urls is { Count: > 0 } urls)
            return $"{service.Name}: {string.Join(' ', urls)}";
        var states = service.Replicas.GroupBy(replica => replica.State).Select(state => $"{state.Count()} {state.Key}");
        return $"{service.Name}: {string.Join(", ", states)}";
    }
}
