namespace Mainstay.Prove.Faults.Kinds;

/// <summary>
/// Nobody listens: connecting is refused by the system, as with a service that is down. Live connections are reset. The port stays reserved and
/// is listened on again, by the same number, when the fault is lifted. Toxicity does not apply.
/// </summary>
internal sealed record Refuse : Fault
{
    public override string Text => "connections refused";
}
