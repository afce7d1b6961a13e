using System.Diagnostics.Tracing;
using Mainstay.Contracts.Processes;
using Mainstay.Prove.Experiments.Labs;
using Microsoft.Diagnostics.NETCore.Client;

namespace Mainstay.Prove.Experiments.Blocking.Managed;

/// <summary>Asks a .NET runtime, by its diagnostics port, for the stacks of its threads, a thousand times a second for a short while.</summary>
internal static class StackCapture
{
    private static readonly TimeSpan Lasting = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Of a process and those below it, the first that is a .NET runtime and lets itself be asked; null: none.</summary>
    public static int? Find(int pid)
    {
        // Those whose temporary folder is ours; others are looked for in their own.
        var published = DiagnosticsClient.GetPublishedProcesses().ToHashSet();
        return ProcStat.Descent(ProcFile.Root, pid).Where(found => published.Contains(found) || RuntimeFiles.HasSocket(found))
            .Select(found => (int?)found).FirstOrDefault();
    }

    /// <summary>Writes a trace, with what the runtime knows of its methods at the end.</summary>
    /// <exception cref="StackCaptureException">It did not want to, or ended.</exception>
    public static async Task RunAsync(int pid, string file, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var session = await new DiagnosticsClient(pid).StartEventPipeSessionAsync(
                [
                    new("Microsoft-DotNETCore-SampleProfiler", EventLevel.Informational),
                    // Nothing of it but the names of methods, which come with the end of the session.
                    new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational),
                ],
                requestRundown: true, circularBufferMB: 64, both.Token);
            await using var target = File.Create(file);
            var copying = session.EventStream.CopyToAsync(target, both.Token);
            await Task.Delay(Lasting, time, both.Token);
            await session.StopAsync(both.Token);
            await copying;
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested && failed is DiagnosticsClientException or IOException or OperationCanceledException)
        {
            throw new StackCaptureException(failed.Message.ReplaceLineEndings(" "), failed);
        }
    }
}

/// <summary>A runtime could not be asked for its stacks.</summary>
internal sealed class StackCaptureException(string message, Exception cause) : Exception(message, cause);
