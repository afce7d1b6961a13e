namespace Mainstay.Supervisor.Replicas;

/// <summary>Holds a state that one loop writes and many read or wait for.</summary>
internal sealed class StateCell<T>(T initial) where T : class
{
    private readonly Lock _lock = new();
    private T _value = initial;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public T Value => Volatile.Read(ref _value);

    public void Update(Func<T, T> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _value = change(_value);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        changed.SetResult();
    }

    /// <summary>The first state seen that satisfies the condition. States that came and went in between may be missed.</summary>
    public async Task<T> WaitAsync(Func<T, bool> condition, CancellationToken cancel)
    {
        while (true)
        {
            T value;
            Task changed;
            lock (_lock)
            {
                value = _value;
                changed = _changed.Task;
            }
            if (condition(value))
                return value;
            await changed.WaitAsync(cancel);
        }
    }
}
