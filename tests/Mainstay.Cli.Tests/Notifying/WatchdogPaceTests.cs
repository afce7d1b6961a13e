using Mainstay.Cli.Notifying;

namespace Mainstay.Cli.Tests.Notifying;

public sealed class WatchdogPaceTests
{
    [Theory]
    [InlineData("30000000", null, 15_000, 1_000)]
    [InlineData("30000000", "4711", 15_000, 1_000)]
    [InlineData("2000000", "4711", 1_000, 250)]
    [InlineData("9223372036854775807", null, 86_400_000, 1_000)]
    public void Half_of_what_is_waited_for_and_sooner_after_silence(string microseconds, string? pid, int interval, int again) =>
        Assert.Equal(new(TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(again)), Of(microseconds, pid));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "4711")]
    [InlineData("0", "4711")]
    [InlineData("-1", "4711")]
    [InlineData("soon", "4711")]
    [InlineData("30000000", "4712")]
    public void No_watchdog_or_another_process_is_meant(string? microseconds, string? pid) => Assert.Null(Of(microseconds, pid));

    private static WatchdogPace? Of(string? microseconds, string? pid) =>
        WatchdogPace.Of(name => name switch { "WATCHDOG_USEC" => microseconds, "WATCHDOG_PID" => pid, _ => null }, 4711);
}
