namespace Mainstay.Prove.Recording;

/// <summary>Something that is not done, and why.</summary>
internal sealed record LeftOut(string What, string Reason);
