using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Launching;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>
/// Launches programs of its own: <c>serve PORT</c> listens, <c>exit CODE</c> says a word and ends, <c>silent</c> lives and does nothing,
/// <c>brief PORT MS</c> listens and dies, <c>stubborn PORT</c> ignores its stop signal, <c>missing</c> cannot be launched,
/// <c>clash TIMES PORT</c> finds its port taken so many times.
/// </summary>
internal sealed class FakeLauncher : ILauncher
{
    private readonly ConcurrentDictionary<string, int> _clashes = new();
    private int _pids = 1000;

    public IReadOnlyList<IKeptProcess> Kept { get; set; } = [];

    public ConcurrentQueue<LaunchSpec> Launched { get; } = new();

    /// <summary>Told where each process was given a port.</summary>
    public ConcurrentDictionary<int, int>? Ports { get; set; }

    public ConcurrentDictionary<int, FakeProcess> Running { get; } = new();

    public ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel)
    {
        Launched.Enqueue(spec);
        var words = spec.Command;
        if (words[0] == "missing")
            throw new LaunchException("missing: command not found; install it or correct the command");
        var process = new FakeProcess(Interlocked.Increment(ref _pids), spec, ended => Running.TryRemove(ended, out _));
        Running[process.Pid] = process;
        if (Ports is not null && spec.Environment.TryGetValue("PORT", out var port))
            Ports[process.Pid] = Number(port);
        switch (words[0])
        {
            case "serve" or "stubborn":
                process.Listen(Number(words[1]));
                process.IgnoresStop = words[0] == "stubborn";
                break;
            case "brief":
                process.Listen(Number(words[1]));
                process.EndAfter(Number(words[2]), new ExitStatus(4, 0));
                break;
            case "clash" when _clashes.AddOrUpdate(spec.Name, 1, (_, times) => times + 1) <= Number(words[1]):
                output.Write(new(spec.Name, "Error: listen EADDRINUSE: address already in use", true, default, default));
                process.End(new ExitStatus(1, 0));
                break;
            case "clash":
                process.Listen(Number(words[2]));
                break;
            case "exit":
                output.Write(new(spec.Name, $"about to exit with {words[1]}", true, default, default));
                process.End(new ExitStatus(Number(words[1]), 0));
                break;
        }
        return ValueTask.FromResult<IProcess>(process);
    }

    /// <summary>What runs now is found by the next supervisor.</summary>
    public void KeepRunning() => Kept = [.. Running.Values.OrderBy(process => process.Pid).Select(process => new FakeKept(process))];

    /// <summary>A process that an earlier supervisor left, listening where its label says.</summary>
    public FakeProcess Leave(string name, byte[] label, int? port = null)
    {
        var process = new FakeProcess(Interlocked.Increment(ref _pids), new(name, ["serve"], "/", new Dictionary<string, string>()), ended => Running.TryRemove(ended, out _));
        process.Label(label);
        if (port is { } number)
        {
            process.Listen(number);
            if (Ports is not null)
                Ports[process.Pid] = number;
        }

        Running[process.Pid] = process;
        Kept = [.. Kept, new FakeKept(process)];
        return process;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in Running.Values)
            process.Signal(Signals.Kill);
        return ValueTask.CompletedTask;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}

internal sealed class FakeProcess(int pid, LaunchSpec spec, Action<int> ended) : IProcess, IDisposable
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpListener? _listener;

    public int Pid => pid;

    public LaunchSpec Spec => spec;

    public Task<ExitStatus> Exited => _exited.Task;

    public bool IgnoresStop { get; set; }

    /// <summary>How it ends when it is told to; null: by that signal.</summary>
    public ExitStatus? StopStatus { get; set; }

    public List<int> Signals { get; } = [];

    public void Listen(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public void Dispose() => _listener?.Dispose();

    /// <summary>It lives, but answers nobody any more.</summary>
    public void Deafen() => _listener?.Stop();

    public void EndAfter(int milliseconds, ExitStatus status) =>
        _ = Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System).ContinueWith(_ => End(status), TaskScheduler.Default);

    public void Signal(int signal)
    {
        lock (Signals)
        {
            Signals.Add(signal);
        }
        if (signal == Contracts.Launching.Signals.Kill || !IgnoresStop)
            End(signal != Contracts.Launching.Signals.Kill && StopStatus is { } status ? status : new ExitStatus(0, signal));
    }

    public byte[] LastLabel { get; private set; } = [];

    public void Label(ReadOnlySpan<byte> label) => LastLabel = label.ToArray();

    public void End(ExitStatus status)
    {
        _listener?.Stop();
        ended(pid);
        _exited.TrySetResult(status);
    }
}
