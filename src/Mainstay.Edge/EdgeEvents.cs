using Mainstay.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

/// <summary>What changed by itself, and why: logged, and the latest kept for <c>mainstay status</c>. Thread-safe.</summary>
internal sealed class EdgeEvents(TimeProvider time, ILogger log)
{
    /// <summary>Events kept.</summary>
    public const int Kept = 64;

    private readonly Lock _lock = new();
    private readonly Queue<EdgeEvent> _latest = new(Kept);

    /// <summary>From the oldest kept to the latest.</summary>
    public IReadOnlyList<EdgeEvent> Latest
    {
        get
        {
            lock (_lock)
                return [.. _latest];
        }
    }

    /// <summary>Something got worse, or is being kept from getting worse.</summary>
    /// <param name="subject">A service, route or upstream, as status names it.</param>
    /// <param name="what">One clause, with its cause and numbers.</param>
    public void Warn(string subject, string what)
    {
        Keep(subject, what);
        Log(LogLevel.Warning, subject, what);
    }

    /// <summary>Something is well again.</summary>
    /// <param name="subject">A service, route or upstream, as status names it.</param>
    /// <param name="what">One clause, with its cause and numbers.</param>
    public void Note(string subject, string what)
    {
        Keep(subject, what);
        Log(LogLevel.Information, subject, what);
    }

    private void Log(LogLevel level, string subject, string what)
    {
        try
        {
            log.Changed(level, subject, what);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A log that fails must not fail the request, or the timer, that had something to tell. Status still shows it.
        }
    }

    private void Keep(string subject, string what)
    {
        lock (_lock)
        {
            if (_latest.Count == Kept)
                _latest.Dequeue();
            _latest.Enqueue(new(time.GetUtcNow(), subject, what));
        }
    }
}
