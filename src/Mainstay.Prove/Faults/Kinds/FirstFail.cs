namespace Mainstay.Prove.Faults.Kinds;

/// <summary>The first connections from now on are reset when they are accepted; later ones are well.</summary>
internal sealed record FirstFail(int Count) : Fault, IConnectionFault
{
    public override string Text => $"first {Count} connections fail";

    public Func<Random, bool> Begin()
    {
        var left = Count;
        return _ => Interlocked.Decrement(ref left) >= 0;
    }
}
