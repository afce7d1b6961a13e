namespace Mainstay.Keeper.Client;

/// <summary>What a keeper wants of its core. Called from one thread, in order; must not block.</summary>
public interface IKeeperWishes
{
    /// <summary>A person, or the service manager, asked for the end by this signal.</summary>
    void Stop(int signal);

    /// <summary>A successor is prepared: let go of everything but the requests in flight, then hand over.</summary>
    void HandOver();

    /// <summary>What is kept is this core's from now on: as a successor, or again, because the successor failed.</summary>
    void TakeOver();

    /// <summary>The successor serves: finish what is in flight, and end.</summary>
    void Leave();

    /// <summary>The last of the cores before this one has gone, and with it the last requests that it served.</summary>
    void BecomeAlone();

    /// <summary>There will be no successor, for the reason given in one clause.</summary>
    void UpgradeFailed(string why);
}
