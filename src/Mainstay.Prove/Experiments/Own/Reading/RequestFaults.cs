using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Shapes;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Faults.Requests;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>Clients that are not as they should be.</summary>
internal static class RequestFaults
{
    private static readonly Field<int> Clients = new("clients", Scalars.Integer(1, Faults.Requests.SlowClients.Most), "How many; default 200.", 200);

    private static readonly Field<Slowness> SlowAt = new("slow_at",
        Scalars.Choice(("head", Slowness.Head), ("body", Slowness.Body), ("upload", Slowness.Upload), ("answer", Slowness.Answer)), "What they are slow at; default the head of their request.", Slowness.Head);

    private static readonly Shape<string> PathShape = Scalars.Text("a path such as /api/orders/1", text =>
        text.Length > 0 && text[0] == '/' && !text.Any(c => char.IsControl(c) || c is ' ' or > '~') ? null : "is no path; write one such as /api/orders/1");

    private static readonly Field<string> Path = new("path", PathShape, "Asked for by GET; default /.", "/");

    private static readonly Field<string> SlowPath = new("path", PathShape, "Asked for by GET, or POST where they are slow at a body; default: what is exercised.");

    private static readonly Field<double> Rate = new("rate", ProtectionShapes.Rate, "Requests of the one client.");

    public static FaultKind[] All { get; } =
    [
        new("slow_clients", [Clients, SlowAt, SlowPath], [],
            fault => new SendSlowly(fault.Get(Clients), fault.Get(SlowAt), fault.TryGet(SlowPath, out var path) ? path : null)),
        new("malformed", [], [], _ => new SendMalformed()),
        new("noisy_client", [Rate, Path], [Rate], fault => new AskTooOften(fault.Get(Path), fault.Get(Rate))),
    ];
}
