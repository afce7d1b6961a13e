namespace Mainstay.Prove.Storms;

/// <summary>What was done to one contender, and whether it was seen to happen.</summary>
/// <param name="Act">What was meant.</param>
/// <param name="At">Seconds since the storm's beginning.</param>
/// <param name="Until">When it was over.</param>
/// <param name="What">One line, with process ids.</param>
/// <param name="Bit">False: it did not happen, and the seconds after it say nothing about it.</param>
internal sealed record ActEvidence(StormAct Act, double At, double Until, string What, bool Bit);
