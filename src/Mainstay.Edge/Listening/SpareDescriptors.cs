using Mainstay.Contracts.Processes;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Edge.Listening;

/// <summary>
/// Descriptors that are held only to be let go when accepting has taken the last one: for connections to upstreams on behalf of clients that
/// are in already, for probes, and for the runtime, which ends the process when it cannot start a thread, and needs two descriptors for that.
/// Accepting goes on once they are held again. Thread-safe.
/// </summary>
internal sealed class SpareDescriptors : IDisposable
{
    public const int Count = 24;

    private readonly Lock _changing = new();
    private readonly Stack<SafeFileHandle> _held = new(Count);
    private bool _isDisposed;

    public SpareDescriptors() => TryHold();

    public int Held
    {
        get
        {
            lock (_changing)
                return _held.Count;
        }
    }

    /// <summary>Holds all of them, or none: false when there are not so many to be had.</summary>
    public bool TryHold()
    {
        lock (_changing)
        {
            try
            {
                while (!_isDisposed && _held.Count < Count)
                    _held.Push(File.OpenHandle("/dev/null"));
                return true;
            }
            catch (IOException failure) when (OwnShortage.Is(failure))
            {
                LetGo();
                return false;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return true; // No such file here: then it must do without.
            }
        }
    }

    public void Release()
    {
        lock (_changing)
            LetGo();
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isDisposed = true;
            LetGo();
        }
    }

    private void LetGo()
    {
        while (_held.TryPop(out var handle))
            handle.Dispose();
    }
}
