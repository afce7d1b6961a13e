using System.Collections.Concurrent;

namespace Mainstay.Keeper.Launching;

/// <summary>The one thread that starts children. It lives as long as its owner: a parent thread that ends can take children with it.</summary>
internal sealed class LaunchThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LaunchThread() => new Thread(Run) { IsBackground = true, Name = "mainstay launch" }.Start();

    /// <summary>Runs it on the thread. Fails with <see cref="ObjectDisposedException"/> once disposed.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = TryPost(() =>
        {
            if (cancel.IsCancellationRequested)
            {
                done.SetCanceled(cancel);
                return;
            }

            try
            {
                done.SetResult(work());
            }
            catch (Exception problem)
            {
                done.SetException(problem);
            }
        });
        return accepted ? done.Task : Task.FromException<T>(new ObjectDisposedException(nameof(LaunchThread)));
    }

    /// <summary>Runs it on the thread later; it must not throw. False once disposed.</summary>
    public bool TryPost(Action work)
    {
        try
        {
            _work.Add(work);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
        _ended.SetResult();
    }
}
