using System.Globalization;
using System.IO.Pipes;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>
/// A process in a replica's group that grows as told, as a leak would: to Mainstay it is part of the replica. It is <c>tail -c</c>, which keeps what we
/// write to it; when we end, by whatever cause, its input does too, and it ends by itself.
/// </summary>
internal sealed class MemoryBallast : IAsyncDisposable
{
    public const int MostMegabytes = 16 * 1024;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly AnonymousPipeServerStream _pipe;
    private readonly TimeProvider _time;
    private readonly int _most;
    private bool _disposed;

    private MemoryBallast(AnonymousPipeServerStream pipe, ProcessId process, int most, TimeProvider time) =>
        (_pipe, Process, _most, _time) = (pipe, process, most, time);

    public ProcessId Process { get; }

    /// <summary>MiB written to it so far.</summary>
    public int Megabytes { get; private set; }

    /// <summary>Bytes that it is seen to hold in memory; 0 once it is gone.</summary>
    public long Seen => Process.IsAlive ? Resident(Process.Pid) : 0;

    /// <param name="replica">Leads the group that the ballast joins.</param>
    /// <param name="mostMegabytes">From 1 to <see cref="MostMegabytes"/>.</param>
    /// <exception cref="IOException">It cannot be started in that group: another session, or the replica is gone.</exception>
    public static MemoryBallast Start(ProcessId replica, int mostMegabytes, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mostMegabytes, Math.Clamp(mostMegabytes, 1, MostMegabytes));
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None, 1 << 20);
        try
        {
            var bytes = ((long)mostMegabytes << 20).ToString(CultureInfo.InvariantCulture);
            var pid = GroupMember.Start(["/usr/bin/tail", "-c", bytes], replica.Pid, pipe.ClientSafePipeHandle);
            // Ours must not keep the pipe open for it.
            pipe.DisposeLocalCopyOfClientHandle();
            return ProcessId.Find(pid) is { } process
                ? new(pipe, process, mostMegabytes, time)
                : throw new IOException("the ballast ended at once; is there a tail(1) in /usr/bin?");
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>Grows to a size; less is ignored. False: it was ended meanwhile, as by a replacement of the replica.</summary>
    public async Task<bool> GrowAsync(int megabytes, CancellationToken cancel)
    {
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        try
        {
            for (; Megabytes < Math.Min(megabytes, _most); Megabytes++)
                await _pipe.WriteAsync(block, cancel);
        }
        catch (IOException)
        {
            return false;
        }
        var start = _time.GetTimestamp();
        // What was written is in the pipe; a moment later it is in its memory.
        while (Process.IsAlive && Seen < ((long)Megabytes << 20) * 9 / 10)
        {
            if (_time.GetElapsedTime(start) > Patience)
                return false;
            await Task.Delay(Look, _time, cancel);
        }
        return Process.IsAlive;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _pipe.DisposeAsync();
        Process.Signal(Posix.SigKill);
        while (!GroupMember.TryReap(Process.Pid))
            await Task.Delay(Look, _time);
    }

    private static long Resident(int pid)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
