namespace Mainstay.Prove.Faults.Kinds;

/// <summary>A ratio of connections, 0–1, is reset when it is accepted. (A ratio of requests: <see cref="HttpStatus"/>.)</summary>
internal sealed record Flaky(double Ratio) : Fault, IConnectionFault
{
    public override string Text => $"{Ratio:P0} of connections fail";

    public Func<Random, bool> Begin() => chance => chance.NextDouble() < Ratio;
}
