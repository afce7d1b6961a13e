using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Toxiproxy;

namespace Mainstay.Cli.Faulting;

/// <summary>Runs until its time is over or it is interrupted; says what it does, and at the end what was counted. Its faults end with it.</summary>
internal sealed class FaultsSession(FaultsRequest request, ITerminal terminal, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private string _last = "";

    /// <exception cref="CommandFailure">A port cannot be listened on.</exception>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        using var limit = new CancellationTokenSource(request.For ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interrupted);
        try
        {
            if (request.Api is { } api)
                await ServeAsync(api, either.Token);
            else
                await ProxyAsync(request.Proxy!, either.Token);
        }
        catch (IOException taken)
        {
            throw CommandFailure.Failed(taken.Message);
        }
        return ExitCodes.Done;
    }

    private async Task ProxyAsync(FaultProxySpec spec, CancellationToken cancel)
    {
        var proxy = FaultProxy.Start(spec, time);
        try
        {
            proxy.Set([.. request.Faults]);
            Say($"{proxy.Endpoint} → {FaultProxySpec.Words(spec.Upstream)}: {Text(proxy.Faults)}; {Until}");
            while (await NextAsync(cancel))
                SayIfNew(CountLine.Of(proxy.Count));
        }
        finally
        {
            await proxy.DisposeAsync();
        }
        Say("faults lifted");
        SayIfNew(CountLine.Of(proxy.Count));
        foreach (var target in proxy.Count.Requests.Targets.Take(10))
            Say($"  {target.Requests} × {target.Method} {target.Target}");
    }

    private async Task ServeAsync(ApiWish wish, CancellationToken cancel)
    {
        await using var api = ToxiproxyApi.Start(new(wish.Port, wish.Seed, wish.AllowRemote, wish.Lease, Say, time));
        Say($"Toxiproxy's API {ToxiproxyApi.Version} at http://{api.Endpoint}; {Until}");
        while (await NextAsync(cancel))
            SayIfNew(await LinesAsync(api));
        SayIfNew(await LinesAsync(api));
        Say("all proxies ended");
    }

    private static async Task<string> LinesAsync(ToxiproxyApi api) =>
        string.Join('\n', (await api.CountAsync()).Where(proxy => proxy.Count.Connections > 0).Select(proxy => $"{proxy.Name}: {CountLine.Of(proxy.Count)}"));

    private string Until => request.For is { } time ? $"for {time.TotalSeconds:0.###} s" : "Ctrl-C ends it";

    private static string Text(FaultSet faults) => faults.All.IsEmpty ? "no fault, only counting" : faults.Text;

    /// <summary>False once it is time to end.</summary>
    private async Task<bool> NextAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Refresh, time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void SayIfNew(string text)
    {
        if (text == _last || text.Length == 0)
            return;
        _last = text;
        foreach (var line in text.Split('\n'))
            Say(line);
    }

    private void Say(string line) => terminal.Out($"{terminal.OutStyle.Bold("faults |")} {line}");
}
