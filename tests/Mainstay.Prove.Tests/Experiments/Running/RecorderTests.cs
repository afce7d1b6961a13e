using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class RecorderTests
{
    private readonly Recorder _recorder = new(new RecordingClock(TimeProvider.System), Specs.Scope("services: { web: node server.js }").Sent);

    [Fact]
    public void Taken_up_is_what_was_due_and_begun_in_time_and_sent_what_also_found_a_connection()
    {
        Add(scheduled: 0.9, begun: 1);
        Add(scheduled: 1, begun: 1);
        Add(scheduled: 1.5, begun: 1.5, sent: 2);
        Add(scheduled: 1.9, begun: 1.9, sent: -1, Fate.NotSent);
        Add(scheduled: 1.9, begun: 2);
        Add(scheduled: 2, begun: 2);
        Assert.Equal((3, 1), _recorder.PerSecond(LoadStream.Roles.Load, 1_000_000, 2_000_000));
        Assert.Equal((0, 0), _recorder.PerSecond(LoadStream.Roles.Flood, 1_000_000, 2_000_000));
    }

    /// <summary>In seconds; sent at once, if nothing is said of it.</summary>
    private void Add(double scheduled, double begun, double? sent = null, Fate fate = Fate.Answered) =>
        _recorder.Add(new Sample(0, Micros(scheduled), sent is -1 ? -1 : Micros(sent ?? begun), -1, Micros(3), 200, fate, -1) { BegunAt = Micros(begun) });

    private static long Micros(double seconds) => (long)(seconds * 1e6);
}
