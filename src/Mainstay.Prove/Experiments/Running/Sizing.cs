using System.Collections.Immutable;
using System.Net;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>
/// Finds out, before any experiment, which requests the application answers at all and how many it bears: a few clients that send one request
/// after the other, more of them as long as that brings more answers.
/// </summary>
internal sealed class Sizing(IPEndPoint edge, TimeProvider time) : IDisposable
{
    /// <summary>Requests per second of the ordinary load at most: enough to see, too few to be felt.</summary>
    public const double Usual = 150;

    /// <summary>Where there are several kinds of requests, so many of each.</summary>
    private const double PerStream = 120;

    /// <summary>Of what the application was seen to bear.</summary>
    private const double Share = 0.3;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>For the end of one answer, to see whether it has any.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What is not answered by then is not borne, and was a few clients' too: more of them would only wait as well, at the budget's expense.
    /// </summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(20);

    private static readonly int[] Clients = [1, 4, 16, 64, 256];

    private readonly Client _client = new(time);

    /// <summary>
    /// Streams that are worth sending, and why the others are not: a GET that nobody wrote down and that finds nothing says nothing, and one whose
    /// answer has no end (a stream of events) has no latency.
    /// </summary>
    public async Task<(ImmutableArray<Exercised> Sent, ImmutableArray<LeftOut> LeftOut)> TryAsync(ImmutableArray<Exercised> all, CancellationToken cancel)
    {
        var sent = ImmutableArray.CreateBuilder<Exercised>();
        var left = ImmutableArray.CreateBuilder<LeftOut>();
        foreach (var exercised in all)
        {
            var (status, isEndless) = await _client.TryAsync(edge, exercised, LongestAnswer, cancel);
            if (!exercised.IsWritten && isEndless)
                left.Add(new($"route {exercised.Route.Display}", $"the answer to {exercised.Stream.Name} goes on and on; give the route an `exercise` that ends"));
            else if (!exercised.IsWritten && status is >= 400 and < 500 and not 429)
                left.Add(new($"route {exercised.Route.Display}", $"{exercised.Stream.Name} is answered {status}; give the route an `exercise` that works"));
            else
                sent.Add(exercised);
        }
        return (sent.ToImmutable(), left.ToImmutable());
    }

    public async Task<LoadLevel> MeasureAsync(ImmutableArray<Exercised> sent, CancellationToken cancel)
    {
        var best = 0d;
        foreach (var clients in Clients)
        {
            var start = time.GetTimestamp();
            var answered = await BurstAsync(sent, clients, cancel);
            if (answered < best * 1.3)
                break;
            best = answered;
            if (best * Share > Math.Max(Usual, PerStream * sent.Length) * 2 || time.GetElapsedTime(start) >= LongestStep)
                break;
        }
        // A rate limit of the manifest is no sign of what the application bears, and not to be run into.
        var limit = sent.Where(exercised => exercised.Route.RateLimit is not null)
            .Select(exercised => exercised.Route.RateLimit!.Rate * 0.5 * sent.Length).DefaultIfEmpty(double.MaxValue).Min();
        return new(Math.Max(1, Math.Min(limit, Math.Min(Math.Max(Usual, PerStream * sent.Length), best * Share))), best);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Answers per second; of many clients at once those that were refused are not borne.</summary>
    private async Task<double> BurstAsync(ImmutableArray<Exercised> sent, int clients, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var count = 0;
            for (var i = client; time.GetElapsedTime(start) < Step; i++)
            {
                var status = await SendAsync(sent[i % sent.Length], LongestStep - time.GetElapsedTime(start), cancel);
                if (status > 0 && (clients == 1 || status is not (429 or 503)))
                    count++;
            }
            return count;
        }));
        return counts.Sum() / time.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The status; 0 without an answer.</summary>
    private async Task<int> SendAsync(Exercised exercised, TimeSpan atMost, CancellationToken cancel) =>
        (await _client.SendAsync(edge, exercised, exercised.Body, atMost, cancel)).Status;
}
