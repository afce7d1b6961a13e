using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Admission;

public sealed class WaitingRoomTests
{
    private readonly FakeTimeProvider _time = new();
    private int _serving;

    private WaitingRoom New() => new(_time, () => Volatile.Read(ref _serving));

    private double Now => _time.Seconds();

    [Fact]
    public async Task Waits_until_an_upstream_serves()
    {
        var room = New();
        var wait = Enter(room);
        Assert.Equal(1, room.Count);
        _serving = 1;
        room.Release();
        Assert.Equal(WaitEnd.Woken, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, room.Count);
    }

    [Fact]
    public async Task An_upstream_that_came_between_the_look_and_the_entry_is_not_missed()
    {
        var room = New();
        _serving = 1;
        room.Release();
        Assert.Equal(WaitEnd.Woken, await Enter(room).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Whoever_comes_while_an_upstream_serves_cuts_nobody_elses_pause_short()
    {
        var room = New();
        _serving = 1;
        var pausing = room.WaitAsync(Now + 30, Now, pause: 0.5, keptBytes: 0, CancellationToken.None).AsTask();
        Assert.Equal(WaitEnd.Woken, await Enter(room).WaitAsync(TimeSpan.FromSeconds(20)));
        _time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal((false, 1), (pausing.IsCompleted, room.Count));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(WaitEnd.Woken, await pausing.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Ten_seconds_are_the_longest_wait()
    {
        var room = New();
        var wait = Enter(room, deadline: 30);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(WaitEnd.Expired, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task The_deadline_comes_first_when_it_is_nearer()
    {
        var room = New();
        var wait = Enter(room, deadline: 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(WaitEnd.Expired, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_planned_gap_lets_them_wait_as_long_as_their_deadline()
    {
        var room = New();
        using (room.Hold())
        {
            var wait = Enter(room, deadline: 30);
            _time.Advance(TimeSpan.FromSeconds(29.9));
            Assert.False(wait.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(WaitEnd.Expired, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task The_usual_limit_counts_from_the_end_of_the_gap()
    {
        var room = New();
        var hold = room.Hold();
        var wait = Enter(room, deadline: 60);
        _time.Advance(TimeSpan.FromSeconds(20));
        hold.Dispose();
        hold.Dispose();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(WaitEnd.Expired, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Who_goes_leaves_at_once()
    {
        var room = New();
        using var gone = new CancellationTokenSource();
        var wait = Enter(room, gone: gone.Token);
        await gone.CancelAsync();
        Assert.Equal(WaitEnd.Gone, await wait.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, room.Count);
    }

    [Fact]
    public async Task The_room_is_bounded_in_number()
    {
        var room = New();
        var waits = Enumerable.Range(0, WaitingRoom.Places).Select(_ => Enter(room)).ToList();
        Assert.Equal(WaitEnd.Full, await Enter(room));
        _time.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, room.Count);
    }

    [Fact]
    public async Task The_room_is_bounded_in_bytes()
    {
        var room = New();
        var first = Enter(room, bytes: WaitingRoom.Bytes);
        Assert.Equal(WaitEnd.Full, await Enter(room, bytes: 1));
        var second = Enter(room);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task They_are_woken_in_order_and_in_groups()
    {
        var room = New();
        var waits = Enumerable.Range(0, 100).Select(_ => Enter(room)).ToList();
        _serving = 1;
        room.Release();
        await ForwardingBench.EventuallyAsync(() => waits.Take(32).All(wait => wait.IsCompleted));
        Assert.All(waits.Skip(32), wait => Assert.False(wait.IsCompleted));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        await ForwardingBench.EventuallyAsync(() => waits.Take(64).All(wait => wait.IsCompleted));
        Assert.All(waits.Skip(64), wait => Assert.False(wait.IsCompleted));
        for (var i = 0; i < 3; i++)
            _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.All(await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(20)), end => Assert.Equal(WaitEnd.Woken, end));
    }

    [Fact]
    public async Task A_pause_ends_by_itself_or_with_a_new_upstream()
    {
        var room = New();
        _serving = 1;
        var paused = Enter(room, pause: 0.1);
        _time.Advance(TimeSpan.FromSeconds(0.09));
        Assert.False(paused.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.01));
        Assert.Equal(WaitEnd.Woken, await paused.WaitAsync(TimeSpan.FromSeconds(20)));
        var other = Enter(room, pause: 1);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(other.IsCompleted);
        room.Release();
        Assert.Equal(WaitEnd.Woken, await other.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Nobody_is_forgotten_when_upstreams_come_while_requests_enter()
    {
        for (var round = 0; round < 50; round++)
        {
            var serving = 0;
            var room = new WaitingRoom(TimeProvider.System, () => Volatile.Read(ref serving));
            var now = TimeProvider.System.Seconds();
            var entering = Task.Run(() => Enumerable.Range(0, 40).Select(_ => room.WaitAsync(now + 30, now, null, 0, default).AsTask()).ToList());
            Volatile.Write(ref serving, 1);
            room.Release();
            var ends = await Task.WhenAll(await entering).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.All(ends, end => Assert.Equal(WaitEnd.Woken, end));
        }
    }

    private Task<WaitEnd> Enter(WaitingRoom room, double deadline = 30, double? pause = null, long bytes = 0, CancellationToken gone = default) =>
        room.WaitAsync(Now + deadline, Now, pause, bytes, gone).AsTask();
}
