using Mainstay.Supervisor.Rollout;

namespace Mainstay.Supervisor.Tests.Rollout;

public sealed class OperationGateTests
{
    private readonly OperationGate _gate = new("web");

    [Fact]
    public async Task A_users_operation_ends_one_of_Mainstays_own_accord_and_waits_for_it()
    {
        var own = _gate.TryBegin("replacement")!;
        Assert.Null(_gate.TryBegin("replacement"));
        var asked = _gate.BeginAsync("deploy", null, default);
        Assert.True(own.Token.IsCancellationRequested);
        Assert.False(asked.IsCompleted);
        own.Dispose();
        using var deploy = await asked;
        Assert.Null(_gate.TryBegin("replacement"));
        Assert.Same(deploy, _gate.Current);
    }

    [Fact]
    public async Task Closed_it_cancels_what_runs_and_lets_nothing_begin()
    {
        var deploy = await _gate.BeginAsync("deploy", null, default);
        var closing = _gate.CloseAsync();
        Assert.True(deploy.Token.IsCancellationRequested);
        Assert.False(closing.IsCompleted);
        deploy.Dispose();
        deploy.Dispose();
        await closing;
        Assert.Null(_gate.TryBegin("replacement"));
        await Assert.ThrowsAsync<RolloutException>(() => _gate.BeginAsync("restart", null, default));
    }
}
