using Mainstay.Cli.Control;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Cli.Proving;

/// <summary>A running <c>up</c> of the laboratory's, driven over its control socket like any other.</summary>
internal sealed class ControlledUp(IProcess process, string folder, UpOutput output, TimeProvider time) : IApplication
{
    /// <summary>A core that has just died, or is just beginning, does not answer; it is asked again.</summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(3);

    private readonly Place _place = Place.Of(folder);

    public int Pid => process.Pid;

    /// <summary>The youngest: while one is exchanged for another there are two.</summary>
    public int? CorePid => ProcStat.ReadAll(ProcFile.Root)
        .Where(child => child.Parent == Pid && !child.IsEnded && IsMainstay(child.Pid))
        .OrderByDescending(child => child.StartTime)
        .Select(child => (int?)child.Pid)
        .FirstOrDefault();

    public Task Ended => process.Exited;

    public IReadOnlyList<string> LastLines => output.Last;

    public Action<string>? Said
    {
        get => output.Said;
        set => output.Said = value;
    }

    public async Task<StatusReport?> StatusAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(StatusPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            StatusReport? report = null;
            await foreach (var next in ControlClient.AskAsync(_place, new(ControlProtocol.Version, "status"), both.Token))
                report = next.Status ?? report;
            return report;
        }
        catch (Exception unanswered) when (unanswered is CommandFailure || (unanswered is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    public async Task<OperationResult> AskAsync(Operation operation, CancellationToken cancel)
    {
        var request = new ControlRequest(
            ControlProtocol.Version,
            operation.Command,
            operation.Service is { } service ? [service] : [],
            operation.Replicas,
            Variables: new Dictionary<string, string>(),
            Program: operation.Command == "upgrade" ? OwnProgram.Words : null);
        try
        {
            await foreach (var next in ControlClient.AskAsync(_place, request, cancel))
            {
                if (next.Exit is not null)
                    return new(next.Error, next.LastLines ?? []);
            }
            return new("Mainstay hung up", []);
        }
        catch (CommandFailure failed)
        {
            return new(failed.Message, failed.LastLines);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process.Exited.IsCompleted)
            return;
        process.Signal(Signals.Kill);
        await Task.WhenAny(process.Exited, Task.Delay(KillPatience, time));
    }

    private static bool IsMainstay(int pid)
    {
        Span<byte> buffer = stackalloc byte[4096];
        if (!ProcFile.TryRead($"{ProcFile.Root}/{pid}/cmdline", buffer, out var length))
            return false;
        var words = System.Text.Encoding.UTF8.GetString(buffer[..length]).Split('\0');
        return words.Length > OwnProgram.Words.Count && words.Take(OwnProgram.Words.Count).SequenceEqual(OwnProgram.Words);
    }
}
