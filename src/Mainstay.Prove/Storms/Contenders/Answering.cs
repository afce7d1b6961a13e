using System.Net;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>Waits until a server answers well.</summary>
internal static class Answering
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task AwaitAsync(string name, int port, Func<IReadOnlyList<string>> lastLines, TimeProvider time, CancellationToken cancel)
    {
        if (!await WithinAsync(port, Patience, time, cancel))
            throw new LabException($"{name} does not answer on port {port}, {Patience.TotalSeconds:0} s after its start", lastLines());
    }

    /// <summary>False: not in time.</summary>
    public static async Task<bool> WithinAsync(int port, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = TimeSpan.FromSeconds(1) };
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < patience)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"), cancel);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return true;
            }
            catch (Exception failed) when (failed is HttpRequestException || (failed is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Not yet.
            }
            await Task.Delay(Pause, time, cancel);
        }
        return false;
    }
}
