using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Keeper.Tests.Keeping;

public sealed class ExchangeTests : IAsyncDisposable
{
    private readonly FakeCore _old = new();
    private readonly FakeCore _successor = new();
    private readonly FakeTimeProvider _time = new();
    private readonly KeptThings _kept;
    private readonly Exchange _exchange;
    private int _limits;

    public ExchangeTests()
    {
        _kept = new(new Systemd(_ => null), new Voice(_time), _time, (_, _) => { });
        var limit = _time.CreateTimer(_ => _limits++, null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        _exchange = new(_old.Core, _successor.Core, _kept, limit);
    }

    public async ValueTask DisposeAsync()
    {
        _exchange.Dispose();
        _old.Dispose();
        _successor.Dispose();
        await _kept.DisposeAsync();
    }

    [Fact]
    public void The_old_one_lets_go_only_when_the_successor_is_prepared_and_the_successor_takes_over_only_then()
    {
        _exchange.Prepared();
        Assert.False(_exchange.IsHandedOver);
        Assert.Equal(MessageKind.HandOver, _old.Hear().Kind);
        _exchange.HandedOver();
        Assert.True(_exchange.IsHandedOver);
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
        Assert.Empty(_old.HearAll());
    }

    [Fact]
    public async Task The_successor_is_told_everything_before_it_takes_over()
    {
        using var note = MessageBody.Of(body =>
        {
            body.Write("service/web");
            body.WriteBytes("note"u8);
        }).ToMessage(MessageKind.Note);
        await note.ObeyAsync(_kept, _old.Core);
        _exchange.Prepared();
        _exchange.HandedOver();
        Assert.Equal([MessageKind.Noted, MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void An_old_one_that_dies_before_the_successor_is_prepared_is_waited_for_no_longer()
    {
        _exchange.OldDied();
        Assert.Null(_exchange.Old);
        Assert.True(_exchange.IsHandedOver);
        _exchange.Prepared();
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void An_old_one_that_dies_instead_of_letting_go_has_let_go()
    {
        _exchange.Prepared();
        _exchange.OldDied();
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void An_old_one_that_dies_after_it_let_go_changes_nothing()
    {
        _exchange.Prepared();
        _exchange.HandedOver();
        _exchange.OldDied();
        Assert.Null(_exchange.Old);
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void What_is_said_twice_counts_once()
    {
        _exchange.Prepared();
        _exchange.Prepared();
        _exchange.HandedOver();
        _exchange.HandedOver();
        _exchange.Prepared();
        Assert.Equal([MessageKind.HandOver], _old.HearAll());
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void One_that_lets_go_unasked_is_not_asked_again()
    {
        _exchange.HandedOver();
        _exchange.Prepared();
        Assert.Empty(_old.HearAll());
        Assert.Equal([MessageKind.TakeOver], _successor.HearAll());
    }

    [Fact]
    public void With_both_gone_nothing_fails()
    {
        _old.Die();
        _successor.Die();
        _exchange.Prepared();
        _exchange.OldDied();
        Assert.True(_exchange.IsHandedOver);
    }

    [Fact]
    public void Its_limit_ends_with_it()
    {
        _exchange.Dispose();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, _limits);
    }
}
