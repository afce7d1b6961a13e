using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Keeping;

/// <summary>One core process, from its start to its end. Belongs to the keeper's loop; it hears of messages and of the end by what it posts.</summary>
internal sealed class Core : IDisposable
{
    private readonly ChildProcess _child;
    private readonly MessageChannel _channel;
    private readonly TaskCompletionSource<ExitStatus> _reaped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Core(ChildProcess child, MessageChannel channel, IReadOnlyList<string> program)
    {
        (_child, _channel, Program) = (child, channel, program);
        Ended = EndAsync();
    }

    public int Pid => _child.Pid;

    /// <summary>Words that start it.</summary>
    public IReadOnlyList<string> Program { get; }

    /// <summary>When it began to serve (a timestamp of the clock); null before.</summary>
    public long? ServingSince { get; set; }

    /// <summary>The exit code by which it ended everything; null: it did not.</summary>
    public int? Exit { get; set; }

    /// <summary>Ticks since its last sign of life; null before the first.</summary>
    public int? Silence { get; set; }

    /// <summary>It knows that it is to end.</summary>
    public bool IsTold { get; set; }

    /// <summary>Completes when the process is gone and all that it said has been posted.</summary>
    public Task<ExitStatus> Ended { get; }

    /// <summary>Starts it. Throws an <see cref="IOException"/> when the machine has no room for a process. Only on the launch thread.</summary>
    public static Core Start(IReadOnlyList<string> program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, ChildReaper reaper)
    {
        var (ours, theirs) = MessageChannel.CreatePair();
        using (theirs)
        {
            using var nothing = Platform.LibC.Open("/dev/null");
            using var output = new SafeFileHandle(1, ownsHandle: false);
            using var error = new SafeFileHandle(2, ownsHandle: false);
            var start = new ChildStart(
                [.. program, .. arguments], environment, Directory: null, nothing, output, error, ChildPlace.Parents, theirs).Run();
            if (start.Error != 0)
            {
                ours.Dispose();
                throw new IOException($"{program[0]}: {Platform.LibC.Describe(start.Error)}");
            }

            var core = new Core(new(start.Pid, leadsGroup: false), ours, program);
            reaper.Watch(core._child, () => { }, status => core._reaped.TrySetResult(status));
            return core;
        }
    }

    /// <summary>Hands over whatever it says, in order, until it has gone. Throws an <see cref="IOException"/> when there is no room for a thread: then it is ended.</summary>
    public void Listen(Action<Message> heard)
    {
        try
        {
            new Thread(() => Hear(heard)) { IsBackground = true, Name = "core" }.Start();
        }
        catch (OutOfMemoryException)
        {
            _silent.TrySetResult();
            Kill();
            throw new IOException("no more threads can be made");
        }
    }

    /// <summary>One that does not even listen is of no use any more: it is ended.</summary>
    public bool Send(MessageKind kind, ReadOnlyMemory<byte> body, params ReadOnlySpan<SafeFileHandle> descriptors)
    {
        if (_channel.TrySend(kind, body, descriptors))
            return true;
        Kill();
        return false;
    }

    public void Kill() => _child.Signal(Signals.Kill);

    public void Dispose() => _channel.Dispose();

    private void Hear(Action<Message> heard)
    {
        var isHeard = true;
        try
        {
            while (_channel.Receive() is { } message)
                heard(message);
        }
        catch (OutOfMemoryException)
        {
            isHeard = false;
        }

        // One that cannot be heard, or says what no core says, must not go on unheard.
        if (!isHeard || _channel.IsGarbled)
            Kill();
        _silent.TrySetResult();
    }

    private async Task<ExitStatus> EndAsync()
    {
        var status = await _reaped.Task;
        // What it had said reaches us before its end does. Nothing else holds the other side of the socket.
        await _silent.Task;
        return status;
    }
}
