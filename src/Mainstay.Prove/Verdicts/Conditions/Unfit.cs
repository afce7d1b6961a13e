namespace Mainstay.Prove.Verdicts.Conditions;

/// <summary>What makes a run unfit to be judged. A violation stands if none of those that apply could have caused it.</summary>
[Flags]
internal enum Unfit
{
    None = 0,

    /// <summary>The evidence that the fault bit is missing: what was seen may have another cause.</summary>
    NoBite = 1,

    /// <summary>Without any fault the application was outside its objective already.</summary>
    Baseline = 2,

    /// <summary>The load was sent later than it was due.</summary>
    Schedule = 4,

    /// <summary>The experiment itself failed at something.</summary>
    Trouble = 8,

    /// <summary>The latencies had not become steady when it began.</summary>
    Unsteady = 16,

    /// <summary>What makes answers late, but not bad.</summary>
    Late = Schedule | Unsteady,

    Any = NoBite | Baseline | Schedule | Trouble | Unsteady,
}
