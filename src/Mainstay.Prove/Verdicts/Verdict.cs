namespace Mainstay.Prove.Verdicts;

/// <summary>What can honestly be said. In the order in which they merge: the greatest of several is the verdict of all.</summary>
internal enum Verdict
{
    /// <summary>The evidence is enough, and for it.</summary>
    Holds,

    /// <summary>Too little was seen, or under conditions that make it worthless.</summary>
    Inconclusive,

    /// <summary>The evidence is enough, and against it.</summary>
    Violated,
}
