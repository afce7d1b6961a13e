namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Properties are asked the same questions every time: a run that fails fails again. Another seed is a change like any other.</summary>
internal static class Seed
{
    /// <summary>For FsCheck's <c>Replay</c>; the second number is odd.</summary>
    public const string OfProperties = "20261123,4711";
}
