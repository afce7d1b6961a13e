using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Showing;

/// <summary>The line that says that everything is up: <c>Mainstay serves shop on http://127.0.0.1:8080 — web: 2 ready</c>.</summary>
internal static class Banner
{
    public static string Of(StatusReport report, Style style) => Sentence("Mainstay serves", report, style, States);

    /// <summary>For a core that goes on with what another one ran: it has only begun to look at the replicas.</summary>
    public static string Again(StatusReport report, Style style) =>
        Sentence("Mainstay goes on serving", report, style, service => Counted.Of(service.Replicas.Count, "replica"));

    private static string Sentence(string does, StatusReport report, Style style, Func<ServiceStatus, string> replicas)
    {
        var services = report.Services.Select(service => $"{service.Name}: {(service.Urls is { Count: > 0 } urls ? string.Join(' ', urls) : replicas(service))}");
        return $"{style.Bold(does)} {style.Bold(style.Good(report.Name))} on {style.Bold(string.Join(" and ", report.Edge.Listen))} — {string.Join(", ", services)}";
    }

    private static string States(ServiceStatus service) =>
        string.Join(", ", service.Replicas.GroupBy(replica => replica.State).Select(state => $"{state.Count()} {state.Key}"));
}
