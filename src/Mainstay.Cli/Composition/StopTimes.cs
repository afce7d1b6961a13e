using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Composition;

/// <summary>How long ends may take: what the services of a manifest allow.</summary>
internal static class StopTimes
{
    /// <summary>Where there is no service of ours.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    /// <summary>Until the last request in flight is cut.</summary>
    public static TimeSpan LongestDrain(ManifestSpec manifest) => Longest(manifest, stop => stop.Drain);

    /// <summary>From the stop signal on.</summary>
    public static TimeSpan LongestGrace(ManifestSpec manifest) => Longest(manifest, stop => stop.Grace);

    private static TimeSpan Longest(ManifestSpec manifest, Func<StopSpec, TimeSpan> time) =>
        manifest.Services.Select(service => time(service.Stop)).DefaultIfEmpty(Usual).Max();
}
