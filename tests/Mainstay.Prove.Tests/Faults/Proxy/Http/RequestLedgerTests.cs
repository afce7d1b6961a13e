using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Tests.Faults.Proxy.Http;

public sealed class RequestLedgerTests
{
    private readonly RequestLedger _ledger = new();

    [Fact]
    public void What_an_application_repeats_by_itself_is_no_replay_and_once_more_is()
    {
        _ledger.Learn();
        for (var request = 0; request < 30; request++)
            Ask("/rpc", $"before {request}", times: 2);
        _ledger.Watch();
        Ask("/rpc", "as ever", times: 2);
        Assert.Equal(0, Unsafe.Replays);
        Ask("/rpc", "replayed", times: 3);
        Assert.Equal(new(65, 65, 5, 1, 0), Unsafe);
    }

    [Fact]
    public void What_was_repeated_before_the_learning_is_forgotten()
    {
        for (var request = 0; request < 30; request++)
            Ask("/rpc", $"long ago {request}", times: 2);
        _ledger.Learn();
        Ask("/rpc", "one", times: 1);
        _ledger.Watch();
        Ask("/rpc", "two", times: 2);
        Assert.Equal(new(3, 3, 2, 1, 0), Unsafe);
    }

    [Fact]
    public void What_bears_no_id_is_counted_and_no_replay()
    {
        _ledger.Learn();
        _ledger.Watch();
        Ask("/a", "", times: 3);
        _ledger.Add(new("GET", "/a", ""));
        Assert.Equal(new(3, 0, 0, 0, 0), Unsafe);
        Assert.Equal((4, 0), (_ledger.Read().Requests, _ledger.Read().Replays));
    }

    [Fact]
    public void A_replay_across_the_beginning_of_the_fault_is_one()
    {
        _ledger.Learn();
        for (var request = 0; request < 30; request++)
            Ask("/a", $"before {request}", times: 1);
        _ledger.Watch();
        Ask("/a", "before 29", times: 1);
        Assert.Equal(1, Unsafe.Replays);
    }

    private UnsafeCount Unsafe => _ledger.Read().Unsafe;

    private void Ask(string target, string id, int times)
    {
        for (var i = 0; i < times; i++)
            _ledger.Add(new("POST", target, id));
    }
}
