namespace Mainstay.Prove.Load.Scheduling;

/// <summary>How the requests of a stream follow one another.</summary>
internal enum Arrivals
{
    /// <summary>
    /// One in each interval. A single stream sends in the middle of each; of several streams each sends at some moment of it, by the seed, so
    /// that they do not march in step.
    /// </summary>
    Even,

    /// <summary>Independent of one another, as those of many users are: a Poisson process.</summary>
    Poisson,
}
