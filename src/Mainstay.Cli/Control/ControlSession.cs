using System.Net.Sockets;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Control;

/// <summary>One client of the control socket: one request, its answer, the end.</summary>
internal sealed class ControlSession(ControlConnection connection, IControlled controlled, TimeProvider time)
{
    /// <summary>A client that has connected says what it wants within this time.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>As many as the command line can ask for.</summary>
    private const int MaxReplicas = 1000;

    /// <param name="closing">Mainstay ends: whoever only listens is told good-bye.</param>
    public async Task RunAsync(CancellationToken closing)
    {
        try
        {
            if (await ReceiveAsync(closing) is not { } request)
                return;
            // Everything else is about what runs. A stop is heard at once, and waits by itself.
            if (request.Command is not ("hello" or "stop"))
                await controlled.TakenOver.WaitAsync(closing);
            await AnswerAsync(request, closing);
        }
        catch (ProtocolViolation wrong)
        {
            await EndAsync(new(Error: wrong.Message, Exit: ExitCodes.Usage));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client hung up, or never said anything.
        }
    }

    private async Task<ControlRequest?> ReceiveAsync(CancellationToken closing)
    {
        using var patience = new CancellationTokenSource(RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing);
        return await connection.ReceiveAsync(ControlJson.Default.ControlRequest, either.Token);
    }

    private Task AnswerAsync(ControlRequest request, CancellationToken closing)
    {
        if (request.Version != ControlProtocol.Version)
        {
            return EndAsync(new(
                Error: $"the running Mainstay speaks version {ControlProtocol.Version} of the control protocol, this command version {request.Version}; use the same build for both",
                Exit: ExitCodes.Usage));
        }
        return request.Command switch
        {
            "hello" => EndAsync(new(Exit: ExitCodes.Done), new ControlEvent(Hello: controlled.Hello())),
            "status" => EndAsync(new(Exit: ExitCodes.Done), new ControlEvent(Status: controlled.Status())),
            "logs" => LogsAsync(request, closing),
            "deploy" => OperateAsync((progress, gone) => controlled.DeployAsync(request, progress, gone)),
            "rollback" when Single(request) is { } service => OperateAsync((progress, _) => controlled.RollbackAsync(service, progress)),
            "restart" when Single(request) is { } service => OperateAsync((progress, _) => controlled.RestartAsync(service, progress)),
            "scale" when Single(request) is { } service && request.Replicas is >= 0 and <= MaxReplicas and var replicas =>
                OperateAsync((progress, _) => controlled.ScaleAsync(service, replicas, progress)),
            "upgrade" when request.Program is [{ Length: > 0 }, ..] program => OperateAsync((progress, _) => controlled.UpgradeAsync(program, progress)),
            "stop" => OperateAsync((progress, _) => controlled.StopAsync(progress)),
            "rollback" or "restart" => EndAsync(new(Error: $"{request.Command} needs the name of one service", Exit: ExitCodes.Usage)),
            "upgrade" => EndAsync(new(Error: "upgrade needs the words that start the program", Exit: ExitCodes.Usage)),
            "scale" => EndAsync(new(Error: "scale needs the name of one service and a number of replicas", Exit: ExitCodes.Usage)),
            _ => EndAsync(new(Error: $"the running Mainstay does not know the command '{Shown(request.Command)}'", Exit: ExitCodes.Usage)),
        };
    }

    /// <summary>An operation belongs to Mainstay, not to the client who asked for it: it goes on when the client is gone.</summary>
    private async Task OperateAsync(Func<IProgress, CancellationToken, Task> operation)
    {
        var progress = new EventProgress();
        using var gone = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var watch = WatchAsync(gone, over.Token);
        var running = RunAsync(operation, progress, gone.Token);
        try
        {
            await foreach (var next in progress.ReadAsync())
                await connection.SendAsync(next, ControlJson.Default.ControlEvent, gone.Token);
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody listens any more.
        }
        var end = await running;
        await over.CancelAsync();
        await watch;
        await EndAsync(end);
    }

    private static async Task<ControlEvent> RunAsync(Func<IProgress, CancellationToken, Task> operation, EventProgress progress, CancellationToken gone)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await operation(progress, gone);
            return new(Exit: ExitCodes.Done);
        }
        catch (Exception failed)
        {
            var failure = Failures.Explain(failed);
            return new(Error: failure.Message, LastLines: failure.LastLines is { Count: > 0 } lines ? lines : null, Exit: failure.Exit);
        }
        finally
        {
            progress.Complete();
        }
    }

    private async Task WatchAsync(CancellationTokenSource gone, CancellationToken over)
    {
        try
        {
            await connection.GoneAsync(over);
            await gone.CancelAsync();
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The operation ended first.
        }
    }

    private async Task LogsAsync(ControlRequest request, CancellationToken closing)
    {
        DateTimeOffset? since = request.SinceSeconds is { } seconds and >= 0 and < 1e9 ? time.GetUtcNow() - TimeSpan.FromSeconds(seconds) : null;
        if (!request.Follow)
        {
            foreach (var line in controlled.Logs.Read(request.Services, since))
                await SendLineAsync(line, closing);
            await EndAsync(new(Exit: ExitCodes.Done));
            return;
        }
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(closing);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(closing);
        var watch = WatchAsync(gone, over.Token);
        var (past, follower) = controlled.Logs.Follow(request.Services, since);
        using (follower)
        {
            try
            {
                foreach (var line in past)
                    await SendLineAsync(line, gone.Token);
                while (true)
                {
                    var (line, missed) = await follower.NextAsync(gone.Token);
                    await (line is null
                        ? SendAsync(new(Progress: $"… {missed} lines were dropped here: this client was too slow"), gone.Token)
                        : SendLineAsync(line, gone.Token));
                }
            }
            catch (OperationCanceledException)
            {
                // The client hung up, or Mainstay ends.
            }
        }
        await over.CancelAsync();
        await watch;
        await EndAsync(new(Exit: ExitCodes.Done));
    }

    private Task SendLineAsync(OutputLine line, CancellationToken cancel) => SendAsync(new(Line: line), cancel);

    private Task SendAsync(ControlEvent next, CancellationToken cancel) => connection.SendAsync(next, ControlJson.Default.ControlEvent, cancel);

    private async Task EndAsync(ControlEvent end, ControlEvent? before = null)
    {
        try
        {
            if (before is not null)
                await SendAsync(before, CancellationToken.None);
            await SendAsync(end, CancellationToken.None);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    private static string? Single(ControlRequest request) => request.Services is [{ Length: > 0 } only] ? only : null;

    private static string Shown(string? command) => command is null ? "" : command.Length > 40 ? command[..40] + "…" : command;
}
