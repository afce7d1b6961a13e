using Mainstay.Prove.Storms;

namespace Mainstay.Prove.Tests.Storms;

public sealed class StormTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(1800)]
    public void At_any_length_acts_follow_one_another_and_leave_time_to_recover(int seconds)
    {
        var storm = Storm.Of(TimeSpan.FromSeconds(seconds));
        Assert.Equal(seconds, storm.Seconds);
        for (var i = 0; i < storm.Acts.Length; i++)
        {
            var end = storm.Acts[i].At + storm.Acts[i].Lasting;
            Assert.True(end < (i + 1 < storm.Acts.Length ? storm.Acts[i + 1].At : storm.Length), storm.Acts[i].Words);
        }
    }

    [Fact]
    public void Every_kind_of_act_is_in_it() =>
        Assert.Equal(Enum.GetValues<ActKind>(), Storm.Of(Storm.Shortest).Acts.Select(act => act.Kind).Distinct().Order());

    [Fact]
    public void A_minute_is_the_same_storm_five_times_as_fast()
    {
        var acts = Storm.Of(TimeSpan.FromMinutes(1)).Acts.Zip(Storm.Of(TimeSpan.FromMinutes(5)).Acts);
        Assert.All(acts, pair => Assert.Equal((pair.Second.Kind, pair.Second.At / 5, pair.Second.Lasting / 5), (pair.First.Kind, pair.First.At, pair.First.Lasting)));
    }

    [Fact]
    public void What_happens_is_said_with_its_length()
    {
        var acts = Storm.Of(TimeSpan.FromMinutes(1)).Acts;
        Assert.Contains(acts, act => act.Words == "10 times the load for 6 s");
        Assert.Contains(acts, act => act.Words == "one worker stands still for 3 s");
    }
}
