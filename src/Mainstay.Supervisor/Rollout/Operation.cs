namespace Mainstay.Supervisor.Rollout;

/// <summary>Something that is being done to a service; disposing it lets the next one begin.</summary>
internal sealed class Operation : IDisposable
{
    private readonly CancellationTokenSource _cancel;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">What it is: "deploy".</param>
    /// <param name="yields">Gives way to an operation that a user asks for.</param>
    /// <param name="progress">Told what happens meanwhile, besides the supervisor's own; null: nobody else.</param>
    /// <param name="cancel">The caller gave up, or the supervisor stops.</param>
    public Operation(string name, bool yields, IProgress? progress, CancellationToken cancel)
    {
        Name = name;
        Yields = yields;
        Progress = progress;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Token = _cancel.Token;
    }

    public string Name { get; }

    public bool Yields { get; }

    public IProgress? Progress { get; }

    public CancellationToken Token { get; }

    public Task Ended => _ended.Task;

    public void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in this moment.
        }
    }

    public void Dispose()
    {
        if (_ended.TrySetResult())
            _cancel.Dispose();
    }
}
