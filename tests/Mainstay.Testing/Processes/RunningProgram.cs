using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mainstay.Testing.Processes;

/// <summary>A program that a test started: its output, its end, signals to it. Disposing kills it if it still runs.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private RunningProgram(Process process)
    {
        _process = process;
        Pid = process.Id;
    }

    public int Pid { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public IEnumerable<string> Output => _output;

    public IEnumerable<string> Errors => _errors;

    /// <summary>The last lines of everything it said, for messages.</summary>
    public string Tail => string.Join('\n', _output.TakeLast(30).Concat(_errors.TakeLast(100).Select(line => "! " + line)));

    public static RunningProgram Start(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // What the test runner's own build set would confuse a build below us.
        foreach (var name in start.Environment.Keys.Where(IsOfTheRunner).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var running = new RunningProgram(process);
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Keep(running._output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(running._errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    public void Signal(int signal) => Posix.Send(Pid, signal);

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        await Eventually.True(() => _process.HasExited, within, $"{_process.StartInfo.FileName} ends", () => Tail);
        // Its output, to the end; bounded, because something that it left behind may hold the pipe open.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
        }
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            foreach (var child in ProcessTree.Below(Pid))
                Posix.Send(child.Pid, Posix.SigKill);
            Posix.Send(Pid, Posix.SigKill);
            _process.WaitForExit(5000);
        }
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        if (lines.Count > 5000)
            lines.TryDequeue(out _);
    }

    private static bool IsOfTheRunner(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_CLI_", StringComparison.Ordinal) || name is "CI" or "DOTNET_HOST_PATH";
}
