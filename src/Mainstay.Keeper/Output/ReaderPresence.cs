namespace Mainstay.Keeper.Output;

/// <summary>Whether somebody reads the output: then a replica that writes faster than it is read waits, as it would at any pipe.</summary>
internal sealed class ReaderPresence
{
    private volatile bool _isPresent;

    public bool IsPresent
    {
        get => _isPresent;
        set => _isPresent = value;
    }
}
