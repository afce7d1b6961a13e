using System.Globalization;

namespace Mainstay.Cli.Notifying;

/// <summary>How often the service manager wants to hear from us.</summary>
/// <param name="Interval">Between two signs of life: half of what it waits for.</param>
/// <param name="Again">After a probe that was not answered. Short, so that only a silence that lasts ends the process, not one moment of it.</param>
internal sealed record WatchdogPace(TimeSpan Interval, TimeSpan Again)
{
    /// <summary>For the keeper, which waits ten times as long.</summary>
    public static WatchdogPace Usual { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));

    /// <summary>Null if no watchdog is meant for this process: WATCHDOG_PID, where it is set, must be ours.</summary>
    public static WatchdogPace? Of(Func<string, string?> variables, int processId)
    {
        if (variables("WATCHDOG_PID") is { Length: > 0 } meant && meant != processId.ToString(CultureInfo.InvariantCulture))
            return null;
        if (!long.TryParse(variables("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds <= 0)
            return null;
        // More than a day is as good as a day, and no timer takes what 63 bits hold.
        var interval = TimeSpan.FromMicroseconds(Math.Clamp(microseconds / 2, 1_000, TimeSpan.MicrosecondsPerDay));
        var again = interval / 4;
        return new(interval, again < TimeSpan.FromSeconds(1) ? again : TimeSpan.FromSeconds(1));
    }
}
