using System.Text;
using FsCheck.Xunit;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Tests.Replicas;

[Properties(Replay = "20261127,4717", MaxTest = 500)]
public sealed class ReplicaLabelTests
{
    [Property]
    public void What_was_noted_is_read(string? service, string? replica, int release, ushort? port, int launches, byte stage, DateTimeOffset? since, long? signalled)
    {
        var label = new ReplicaLabel(Sayable(service), Sayable(replica), release, port is 0 ? 1 : port, launches, (LifeStage)(stage % 3), since, signalled);
        Assert.Equal(label, ReplicaLabel.Parse(label.Format()));
    }

    [Property(MaxTest = 3000)]
    public void Any_bytes_are_a_label_or_none(byte[] hostile) => _ = ReplicaLabel.Parse(hostile);

    [Property(MaxTest = 3000)]
    public void A_label_with_a_byte_that_was_changed_is_a_label_or_none(ushort place, byte value)
    {
        var bytes = new ReplicaLabel("web", "web-1", 3, 3000, 1, LifeStage.Ready).Format();
        bytes[place % bytes.Length] = value;
        _ = ReplicaLabel.Parse(bytes);
        _ = ReplicaLabel.Parse(bytes.AsSpan(0, place % bytes.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"Service":"web"}""")]
    [InlineData("""{"Service":null,"Replica":"web-1","Release":1,"Launches":1,"Stage":"Ready"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":"1","Launches":1,"Stage":"Ready"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":1,"Launches":1,"Stage":"Dancing"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":1,"Launches":1,"Stage":99}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":1,"Port":0,"Launches":1,"Stage":"Ready"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":1,"Port":70000,"Launches":1,"Stage":"Ready"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":99999999999,"Launches":1,"Stage":"Ready"}""")]
    [InlineData("""{"Service":"web","Replica":"web-1","Release":1,"Launches":1,"Stage":"Ready"} and more""")]
    public void What_is_no_label_is_none(string text) => Assert.Null(ReplicaLabel.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_label_of_a_newer_version_with_more_in_it_is_read()
    {
        const string Newer = """{"Service":"web","Replica":"web-1","Release":2,"Port":3000,"Launches":4,"Stage":"Stopping","Zone":{"a":[1]}}""";
        Assert.Equal(new("web", "web-1", 2, 3000, 4, LifeStage.Stopping), ReplicaLabel.Parse(Encoding.UTF8.GetBytes(Newer)));
    }

    [Fact]
    public void Deep_nesting_is_none() => Assert.Null(ReplicaLabel.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    private static string Sayable(string? text) => string.Concat((text ?? "").EnumerateRunes());
}
