namespace Mainstay.Prove.Load;

/// <summary>Carries requests to the server and answers back. Called by the loop's one thread; tells the recorder how each request ends.</summary>
internal interface IRequestCarrier : IDisposable
{
    /// <summary>Requests that have begun and not ended.</summary>
    int Out { get; }

    /// <summary>A request that was due is taken up now: it is sent, or waits for a connection.</summary>
    void Begin(int stream, long dueAt, long now);

    /// <summary>Lets happen what can, and rests for so many microseconds at most; returns early when something happened.</summary>
    void Wait(long microseconds);

    /// <summary>Looks for requests whose patience is over, and for connections that nobody needs.</summary>
    void KeepHouse();

    /// <summary>Everything that is out ends now.</summary>
    void Cut();
}
