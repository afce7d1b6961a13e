using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>How a disk can be made full here.</summary>
internal enum DiskWay
{
    /// <summary>A small tmpfs in a mount namespace of the replica's own, by root.</summary>
    MountNamespace,

    /// <summary>The same in a user namespace of its own; in it the replica looks like root.</summary>
    UserNamespace,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>
/// A folder that has little room and can be filled and freed while a replica runs on it. The replica is started by a command that is wrapped, so
/// that nobody else sees the small disk, and nothing is left of it when the replica has ended.
/// </summary>
/// <param name="Way">What this machine allows.</param>
/// <param name="Directory">Absolute; the application writes there.</param>
/// <param name="Megabytes">Size of the disk, at least 1.</param>
internal sealed record FullDisk(DiskWay Way, string Directory, int Megabytes)
{
    private const string FillName = ".mainstay-fill";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What it is, and what it is not, in one line.</summary>
    public string Text => Way switch
    {
        DiskWay.MountNamespace => $"a disk of {Megabytes} MiB at {Directory}, seen by the replica alone",
        DiskWay.UserNamespace => $"a disk of {Megabytes} MiB at {Directory}, seen by the replica alone, which takes itself for root",
        _ => "no disk can be made full here: a namespace of its own cannot be had",
    };

    /// <summary>Tries what is possible here.</summary>
    public static async Task<FullDisk> ProbeAsync(string directory, int megabytes, TimeProvider time)
    {
        foreach (var way in (DiskWay[])[DiskWay.MountNamespace, DiskWay.UserNamespace])
        {
            var disk = new FullDisk(way, directory, megabytes);
            if (await WorksAsync(disk.Wrap(["true"]), time))
                return disk;
        }
        return new(DiskWay.None, directory, megabytes);
    }

    /// <summary>The replica's command on the small disk. With <see cref="DiskWay.None"/> it stays as it is.</summary>
    public ImmutableArray<string> Wrap(ImmutableArray<string> command) => Way switch
    {
        DiskWay.MountNamespace => ["unshare", "--mount", "--propagation", "private", .. Mount(command)],
        DiskWay.UserNamespace => ["unshare", "--user", "--map-root-user", "--mount", .. Mount(command)],
        _ => command,
    };

    /// <summary>Fills the disk of a replica that was started by <see cref="Wrap"/>. The evidence: bytes written until ENOSPC.</summary>
    /// <param name="replica">Any process of it.</param>
    /// <exception cref="IOException">Its disk cannot be reached, or did not become full.</exception>
    public long Fill(ProcessId replica)
    {
        if (Way is not (DiskWay.MountNamespace or DiskWay.UserNamespace))
            throw new IOException(Text);
        var block = new byte[4096];
        var written = 0L;
        using var file = File.OpenHandle(Seen(replica, FillName), FileMode.Append, FileAccess.Write);
        // More than the disk has means that this is not the small disk: rather stop than fill a real one.
        while (written <= (long)Megabytes << 20)
        {
            try
            {
                RandomAccess.Write(file, block, RandomAccess.GetLength(file));
                written += block.Length;
            }
            catch (IOException full) when (IsFull(full))
            {
                return written;
            }
        }
        File.Delete(Seen(replica, FillName));
        throw new IOException($"{Directory} of process {replica.Pid} took more than {Megabytes} MiB: it is not on the small disk");
    }

    /// <summary>Makes room again.</summary>
    public void Free(ProcessId replica) => File.Delete(Seen(replica, FillName));

    private ImmutableArray<string> Mount(ImmutableArray<string> command) =>
    [
        "sh", "-c", $"mount -t tmpfs -o size={Megabytes.ToString(CultureInfo.InvariantCulture)}m,mode=1777 mainstay \"$0\" && cd \"$PWD\" && exec \"$@\"", Directory, .. command,
    ];

    /// <summary>Its folder through its own eyes.</summary>
    private string Seen(ProcessId replica, string name) => $"/proc/{replica.Pid}/root{Directory}/{name}";

    private static bool IsFull(IOException failure) => failure.HResult == 28 || failure.Message.Contains("space", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> WorksAsync(ImmutableArray<string> command, TimeProvider time)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync().WaitAsync(Patience, time);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
