namespace Mainstay.Resilience.Queues;

/// <summary>What can stand in one <see cref="Line{T}"/> at a time, and knows its neighbours there.</summary>
public abstract class Linked<T>
    where T : Linked<T>
{
    /// <summary>The one before it; null for the oldest, and where it stands in no line.</summary>
    public T? Before { get; internal set; }

    /// <summary>The one after it; null for the newest, and where it stands in no line.</summary>
    public T? After { get; internal set; }
}
