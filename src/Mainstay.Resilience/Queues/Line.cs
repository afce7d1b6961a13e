namespace Mainstay.Resilience.Queues;

/// <summary>From the oldest to the newest; linked through what stands in it, so that it allocates nothing. Not thread-safe: its owner's lock covers it.</summary>
public sealed class Line<T>
    where T : Linked<T>
{
    /// <summary>The others follow by <see cref="Linked{T}.After"/>; null when it is empty.</summary>
    public T? Oldest { get; private set; }

    /// <summary>Null when it is empty.</summary>
    public T? Newest { get; private set; }

    /// <param name="item">It must not stand in a line.</param>
    public void Add(T item)
    {
        item.Before = Newest;
        item.After = null;
        if (Newest is null)
            Oldest = item;
        else
            Newest.After = item;
        Newest = item;
    }

    /// <param name="item">It must stand in this line.</param>
    public void Remove(T item)
    {
        if (item.Before is null)
            Oldest = item.After;
        else
            item.Before.After = item.After;
        if (item.After is null)
            Newest = item.Before;
        else
            item.After.Before = item.Before;
        item.Before = item.After = null;
    }
}
