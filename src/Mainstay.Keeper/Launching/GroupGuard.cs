using System.Text;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// Ends every registered process group when Mainstay dies, by whatever cause: a tiny shell in a session of its own that reads group ids from
/// a pipe and kills what is still registered when the pipe's other end, held by Mainstay alone, is closed. (A parent-death signal
/// would reach the direct child only, not what it started.) A process that leaves its group by a session of its own escapes.
/// </summary>
internal sealed class GroupGuard(ChildReaper reaper, LaunchThread thread, TimeProvider time, Action<string> warn)
{
    private const string Script = """
        trap '' INT TERM HUP QUIT TSTP USR1 USR2
        groups=' '
        while read -r line; do
          id="${line#?}"
          case "$line" in
            +*) groups="$groups$id " ;;
            -*) case "$groups" in *" $id "*) groups="${groups%% "$id" *} ${groups#* "$id" }" ;; esac ;;
          esac
        done
        for id in $groups; do kill -KILL "-$id"; done
        """;

    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);
    private const int ShortLivesInARow = 3;

    private readonly Lock _changing = new();
    private readonly HashSet<int> _groups = [];
    private ChildProcess? _process;
    private SafeFileHandle? _pipe;
    private TaskCompletionSource _ended = new();
    private long _started;
    private int _shortLives;
    private bool _closed;

    /// <summary>The guard's pid, 0 when there is none.</summary>
    public int Pid
    {
        get
        {
            lock (_changing)
                return _process?.Pid ?? 0;
        }
    }

    /// <summary>Only on the launch thread, and before the group runs anything of its own.</summary>
    public void Register(int group)
    {
        lock (_changing)
        {
            _groups.Add(group);
            if (!TrySend('+', group))
                ReplaceNeedsLock();
        }
    }

    /// <summary>The group has ended, and its id is about to be given up.</summary>
    public void Unregister(int group)
    {
        lock (_changing)
        {
            if (!_groups.Remove(group) || _process is null || TrySend('-', group))
                return;
            // A guard that does not listen would later kill whoever has this id then.
            DropNeedsLock();
            thread.TryPost(EnsureStarted);
        }
    }

    /// <summary>Ends the guard, which kills what is still registered; completes when it has ended.</summary>
    public Task CloseAsync()
    {
        lock (_changing)
        {
            _closed = true;
            _pipe?.Dispose();
            _pipe = null;
            return _process is null ? Task.CompletedTask : _ended.Task;
        }
    }

    /// <summary>The guard does not end by itself.</summary>
    public void Kill()
    {
        lock (_changing)
            _process?.Signal(Signals.Kill);
    }

    private void EnsureStarted()
    {
        lock (_changing)
        {
            if (_process is null && _groups.Count > 0)
                ReplaceNeedsLock();
        }
    }

    private void ReplaceNeedsLock()
    {
        DropNeedsLock();
        if (_closed)
            return;
        var error = StartNeedsLock();
        if (error == 0)
            return;
        DropNeedsLock();
        warn($"the guard that ends replicas if Mainstay dies cannot be started ({LibC.Describe(error)}); replicas run without it");
    }

    private int StartNeedsLock()
    {
        if (!LibC.TryPipe(out var read, out var write, out var error))
            return error;
        using var input = read;
        _pipe = write;
        // Written before there is a reader: there is no moment at which the guard lives and does not know them.
        foreach (var group in _groups)
        {
            if (!TrySend('+', group))
                return LibC.BrokenPipe;
        }

        using var nowhere = LibC.Open("/dev/null");
        string[] command = ["/bin/sh", "-c", Script, "mainstay-guard"];
        var start = new ChildStart(command, [new("PATH", "/usr/bin:/bin")], "/", input, nowhere, nowhere, ChildPlace.OwnSession).Run();
        if (start.Error != 0)
            return start.Error;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new ChildProcess(start.Pid, leadsGroup: false);
        _process = process;
        _ended = ended;
        _started = time.GetTimestamp();
        reaper.Watch(process, () => { }, _ => OnEnded(process, ended));
        return 0;
    }

    /// <summary>Killed before its pipe is closed: otherwise it would take the end of the pipe for the end of Mainstay.</summary>
    private void DropNeedsLock()
    {
        _process?.Signal(Signals.Kill);
        _process = null;
        _pipe?.Dispose();
        _pipe = null;
    }

    private void OnEnded(ChildProcess process, TaskCompletionSource ended)
    {
        ended.TrySetResult();
        lock (_changing)
        {
            if (_process != process)
                return;
            _process = null;
            _pipe?.Dispose();
            _pipe = null;
            if (_closed)
                return;
            warn("the guard that ends replicas if Mainstay dies was lost; a new one takes its place");
            _shortLives = time.GetElapsedTime(_started) < ShortLife ? _shortLives + 1 : 0;
            // One that dies at once, again and again, waits for the next launch.
            if (_shortLives < ShortLivesInARow)
                thread.TryPost(EnsureStarted);
        }
    }

    private bool TrySend(char sign, int group) =>
        _pipe is not null && LibC.TryWriteWhole(_pipe, Encoding.ASCII.GetBytes($"{sign}{group}\n"));
}
