using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Client;

namespace Mainstay.Cli.Composition;

/// <summary>What the keeper wants, passed on to those who do it.</summary>
internal sealed class CoreWishes(QueuedTerminal terminal, Stopping stopping) : IKeeperWishes
{
    private readonly TaskCompletionSource _takeOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _alone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Upgrade? _upgrade;

    /// <summary>Completes when a successor may take over.</summary>
    public Task MayTakeOver => _takeOver.Task;

    /// <summary>Completes when the core whose place this one takes has gone.</summary>
    public Task Alone => _alone.Task;

    /// <summary>This core serves, and may be exchanged for another.</summary>
    public void BecomeExchangeable(Upgrade upgrade) => _upgrade = upgrade;

    public void Stop(int signal)
    {
        if (!stopping.Asked.IsCompleted)
            terminal.Out($"{terminal.OutStyle.Bold("mainstay |")} {Signals.NameOf(signal)}: stopping; once more ends everything at once");
        stopping.Request();
    }

    public void HandOver() => _upgrade?.HandOver();

    public void TakeOver()
    {
        if (_upgrade is { } upgrade)
            upgrade.TakeBack();
        else
            _takeOver.TrySetResult();
    }

    public void Leave() => _upgrade?.Succeeded();

    public void BecomeAlone() => _alone.TrySetResult();

    public void UpgradeFailed(string why) => _upgrade?.Failed(why);
}
