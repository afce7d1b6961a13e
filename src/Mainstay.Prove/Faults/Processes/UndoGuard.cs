using System.Diagnostics;
using System.Text;

namespace Mainstay.Prove.Faults.Processes;

/// <summary>
/// Undoes what we did to processes, and removes what we wrote, when we end, by whatever cause: a tiny shell in a session of its own that reads promises from a pipe and keeps those
/// that are left when the pipe's other end, held by us alone, is closed. Thread-safe.
/// </summary>
internal sealed class UndoGuard : IAsyncDisposable
{
    // A promise is "+NUMBER WORDS", its end "-NUMBER". Field 22 of /proc/PID/stat is the start time; what stands before the last ')' may hold blanks.
    // What writes into a folder may end a moment after us: it is removed more than once.
    internal const string Script = """
        trap '' INT TERM HUP QUIT TSTP USR1 USR2
        exec >/dev/null 2>&1
        lives() {
          line=$(cat "/proc/$1/stat") || return 1
          wanted=$2
          set -- ${line##*)}
          [ "${20}" = "$wanted" ]
        }
        promises=
        while read -r line; do
          case "$line" in
            +*) promises="$promises
        ${line#+}" ;;
            -*) promises=$(printf '%s\n' "$promises" | while read -r number rest; do
                  [ "$number" = "${line#-}" ] || [ -z "$number" ] || printf '%s %s\n' "$number" "$rest"
                done) ;;
          esac
        done
        printf '%s\n' "$promises" | while read -r number what pid start soft hard; do
          lives "$pid" "$start" || continue
          case "$what" in
            continue) kill -CONT "$pid" ;;
            descriptors) prlimit --pid "$pid" "--nofile=$soft:$hard" ;;
          esac
        done
        case "$promises" in *' remove '*)
          for pause in 0 0.1 0.4; do
            sleep "$pause" || sleep 1
            printf '%s\n' "$promises" | while read -r number what path; do
              [ "$what" = remove ] || continue
              rm -rf "$path" || { chmod -R u+rwX "$path"; rm -rf "$path"; }
            done
          done ;;
        esac
        """;

    private readonly Lock _lock = new();
    private readonly Process _shell;
    private readonly Stream _pipe;
    private long _number;
    private bool _closed;

    private UndoGuard(Process shell)
    {
        _shell = shell;
        _pipe = shell.StandardInput.BaseStream;
    }

    public int Pid => _shell.Id;

    /// <exception cref="IOException">There is no shell to be found.</exception>
    public static UndoGuard Start()
    {
        // setsid(1) of util-linux: a signal to our whole group does not reach the guard. Without it, the traps have to do.
        string[] words = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", "/bin/sh", "-c", Script] : ["/bin/sh", "-c", Script];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        try
        {
            return new(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new IOException($"the guard that undoes faults cannot be started: {missing.Message}", missing);
        }
    }

    /// <summary>To be called before the deed; dispose it once the deed is undone.</summary>
    /// <exception cref="IOException">The guard is gone: what cannot be undone must not be done.</exception>
    public IDisposable Promise(Undo undo)
    {
        var number = Interlocked.Increment(ref _number);
        Send($"+{number} {undo.Words}\n");
        return new Kept(this, number);
    }

    /// <summary>Keeps what is still promised, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
        }
        await _pipe.DisposeAsync();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private void Send(string line)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _pipe.Write(Encoding.UTF8.GetBytes(line));
            _pipe.Flush();
        }
    }

    private sealed class Kept(UndoGuard guard, long number) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            try
            {
                guard.Send($"-{number}\n");
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // A guard that is gone has nothing left to do wrong.
            }
        }
    }
}
