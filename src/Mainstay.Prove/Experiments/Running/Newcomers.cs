using System.Net;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Clients that come one after the other, each with a connection of its own, since the ordinary load has its connections already.</summary>
/// <param name="Edge">Where they come to.</param>
/// <param name="Asks">What each asks for.</param>
/// <param name="Patience">Who waits for longer is turned away.</param>
/// <param name="Pause">Between them.</param>
internal sealed record Newcomers(IPEndPoint Edge, Exercised Asks, TimeSpan Patience, TimeSpan Pause, TimeProvider Time)
{
    /// <summary>Until <paramref name="over"/>; who is still waiting then, and not for long, does not count.</summary>
    public async Task<(int Came, int TurnedAway)> ComeAsync(CancellationToken over)
    {
        var (came, away) = (0, 0);
        try
        {
            while (true)
            {
                await Task.Delay(Pause, Time, over);
                away += await IsAnsweredAsync(over) ? 0 : 1;
                came++;
            }
        }
        catch (OperationCanceledException)
        {
            return (came, away);
        }
    }

    private async Task<bool> IsAnsweredAsync(CancellationToken over)
    {
        using var client = new Client(Time);
        using var patience = new CancellationTokenSource(Patience, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, patience.Token);
        try
        {
            return (await client.SendAsync(Edge, Asks, Asks.Body, either.Token)).Status is not (0 or 503);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }
    }
}
