using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Installing;

/// <summary>How long systemd has to wait, read off the manifest: it must not cut off what Mainstay was told to wait for.</summary>
/// <param name="Start">Until READY; a reload (a deploy) may take as long.</param>
/// <param name="Stop">From SIGTERM to SIGKILL.</param>
internal sealed record UnitTimes(TimeSpan Start, TimeSpan Stop)
{
    /// <summary>Between two signs of life at most. Long enough for a machine that swaps for a while, short enough that a hang is no outage of the night.</summary>
    public static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(30);

    /// <summary>For what Mainstay itself does around the times of the manifest.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <summary>For a build, or for <c>before</c>: the manifest gives them no limit, and a hang must end some time.</summary>
    private static readonly TimeSpan Command = TimeSpan.FromMinutes(10);

    public static UnitTimes Of(ManifestSpec manifest)
    {
        var own = manifest.Services.Where(service => !service.IsExternal).ToList();
        // Prepared one after the other; started side by side, but rolled replica by replica.
        var commands = Command * own.Sum(service => (service.Deploy.Build.Length > 0 ? 1 : 0) + (service.Deploy.Before.Length > 0 ? 1 : 0));
        var roll = own.Select(service => service.Replicas * (service.Health.Start + service.Deploy.ReadyFor + service.Stop.Drain + service.Stop.Grace))
            .Aggregate(TimeSpan.Zero, (sum, next) => sum + next);
        var drain = manifest.Services.Select(service => service.Stop.Drain).DefaultIfEmpty().Max();
        var grace = own.Select(service => service.Stop.Grace).DefaultIfEmpty().Max();
        return new(commands + roll + Margin, manifest.Edge.LameDuck + drain + grace + Margin);
    }
}
