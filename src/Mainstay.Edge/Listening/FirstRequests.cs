namespace Mainstay.Edge.Listening;

/// <summary>
/// Counts connections that have sent something and whose first request has not begun yet. Kestrel takes them for idle and would close
/// them unanswered when it stops. Thread-safe.
/// </summary>
internal sealed class FirstRequests
{
    private int _awaited;
    private TaskCompletionSource? _none;

    public FirstRequest Await()
    {
        Interlocked.Increment(ref _awaited);
        return new(this);
    }

    /// <summary>Completes once none is awaited; asked when no more can come.</summary>
    public Task WhenNoneAsync()
    {
        var none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _none, none);
        if (Volatile.Read(ref _awaited) == 0)
            none.TrySetResult();
        return none.Task;
    }

    private void Done()
    {
        if (Interlocked.Decrement(ref _awaited) == 0)
            Volatile.Read(ref _none)?.TrySetResult();
    }

    /// <summary>Of one connection; travels with it as a feature.</summary>
    internal sealed class FirstRequest(FirstRequests owner)
    {
        private int _over;

        /// <summary>It has begun, or the connection has ended without one. Further calls do nothing.</summary>
        public void End()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
                owner.Done();
        }
    }
}
