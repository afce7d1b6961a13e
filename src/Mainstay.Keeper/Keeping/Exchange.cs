using Mainstay.Keeper.Messages;

namespace Mainstay.Keeper.Keeping;

/// <summary>
/// One core takes the place of another: the successor prepares, the old one lets go, the successor takes over and serves, the old one leaves.
/// Should the old one die meanwhile, the successor takes over as soon as it is prepared. Belongs to the keeper's loop.
/// </summary>
internal sealed class Exchange(Core old, Core successor, KeptThings kept, ITimer limit) : IDisposable
{
    private bool _isPrepared;
    private bool _isAsked;

    public Core Successor => successor;

    /// <summary>Null once it has died.</summary>
    public Core? Old { get; private set; } = old;

    /// <summary>The old one supervises nothing any more.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>From the moment the old one was asked to let go: whoever comes out of it is told of a stop afterwards.</summary>
    public bool IsUnderWay => _isAsked || IsHandedOver;

    /// <summary>Why the successor was given up; null: it was not.</summary>
    public string? Failed { get; set; }

    public void Prepared()
    {
        if (_isPrepared)
            return;
        _isPrepared = true;
        if (Old is null || IsHandedOver)
        {
            TakeOver();
            return;
        }

        _isAsked = true;
        Old.Send(MessageKind.HandOver, MessageBody.Empty);
    }

    public void HandedOver()
    {
        if (IsHandedOver)
            return;
        IsHandedOver = true;
        if (_isPrepared)
            TakeOver();
    }

    public void OldDied()
    {
        Old = null;
        HandedOver();
    }

    public void Dispose() => limit.Dispose();

    private void TakeOver()
    {
        kept.TellAll(successor);
        successor.Send(MessageKind.TakeOver, MessageBody.Empty);
    }
}
