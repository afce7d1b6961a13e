using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Launching;

/// <summary>The three pipes of one launch: its gate, its output, its errors. Disposing closes every end that was not taken.</summary>
internal sealed class LaunchPipes : IDisposable
{
    private readonly List<SafeFileHandle> _open = [];

    public LaunchPipes(string name)
    {
        (GateInput, Gate) = Create(name);
        (Output, ChildOutput) = Create(name);
        (Error, ChildError) = Create(name);
    }

    public SafeFileHandle Gate { get; }

    public SafeFileHandle GateInput { get; }

    public SafeFileHandle ChildOutput { get; }

    public SafeFileHandle ChildError { get; }

    private SafeFileHandle Output { get; }

    private SafeFileHandle Error { get; }

    /// <summary>So that our read ends see the end of file when the child's tree has ended.</summary>
    public void CloseChildEnds()
    {
        GateInput.Dispose();
        ChildOutput.Dispose();
        ChildError.Dispose();
    }

    public SafeFileHandle TakeOutput() => Take(Output);

    public SafeFileHandle TakeError() => Take(Error);

    public void Dispose()
    {
        foreach (var end in _open)
            end.Dispose();
    }

    private SafeFileHandle Take(SafeFileHandle end)
    {
        _open.Remove(end);
        return end;
    }

    private (SafeFileHandle Read, SafeFileHandle Write) Create(string name)
    {
        if (!LibC.TryPipe(out var read, out var write, out var error))
        {
            Dispose();
            throw new LaunchException($"cannot start {name}: {LibC.Describe(error)}");
        }

        _open.Add(read);
        _open.Add(write);
        return (read, write);
    }
}
