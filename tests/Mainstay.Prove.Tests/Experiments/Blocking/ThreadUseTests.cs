using Mainstay.Prove.Experiments.Blocking;

namespace Mainstay.Prove.Tests.Experiments.Blocking;

public sealed class ThreadUseTests
{
    [Fact]
    public void A_name_may_contain_anything() => Assert.Equal(
        new OneThread("a (b) c", 120, "futex_wait"),
        ThreadUse.Parse("4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 0 0 0 100 20 0 0 20 0 1 0 100", "futex_wait"));

    [Fact]
    public void What_is_no_stat_is_nothing() => Assert.Null(ThreadUse.Parse("nonsense", "0"));

    [Fact]
    public void Who_used_a_processor_is_told() => Assert.Equal(
        "thread python3 (12) used a processor for 0.9 of 1 s", Use((11, 5, "futex_wait"), (12, 95, "")).Describe(Use((11, 5, "futex_wait"), (12, 5, "")), 1));

    [Fact]
    public void Else_where_the_first_thread_waits() => Assert.Equal(
        "no thread of it used a processor much; python3 waited in do_nanosleep", Use((11, 6, "do_nanosleep")).Describe(Use((11, 5, "do_nanosleep")), 1));

    [Fact]
    public void This_process_uses_some()
    {
        var use = ThreadUse.Of(Environment.ProcessId);
        Assert.NotEmpty(use.Threads);
        Assert.Equal(0, use.Since(use));
    }

    private static ThreadUse Use(params (int Thread, long Ticks, string Waits)[] threads) =>
        new(threads.ToDictionary(thread => (1, thread.Thread), thread => new OneThread("python3", thread.Ticks, thread.Waits)));
}
