namespace Mainstay.Prove.Recording;

/// <summary>A named stretch of an experiment. Phases follow one another; marks within them are happenings.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="From">Microseconds since the history's start, inclusive.</param>
/// <param name="To">Exclusive.</param>
internal sealed record Phase(string Name, long From, long To)
{
    public static class Names
    {
        /// <summary>Until the latencies are steady; judged by nobody.</summary>
        public const string WarmUp = "warm-up";

        /// <summary>The same load without a fault.</summary>
        public const string Baseline = "baseline";

        /// <summary>While the fault is in force, or faults follow one another.</summary>
        public const string Fault = "fault";

        /// <summary>After the fault has been undone.</summary>
        public const string Recovery = "recovery";

        /// <summary>While what was seen is looked into, which disturbs; judged by nobody.</summary>
        public const string Naming = "naming";
    }

    public bool Contains(long at) => at >= From && at < To;
}
