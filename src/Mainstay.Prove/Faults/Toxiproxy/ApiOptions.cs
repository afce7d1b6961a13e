namespace Mainstay.Prove.Faults.Toxiproxy;

/// <param name="Port">Of the API, on 127.0.0.1; 0: any free one. Toxiproxy's own is <see cref="DefaultPort"/>.</param>
/// <param name="Seed">Of all chance in its proxies.</param>
/// <param name="AllowRemote">Proxies may lead to other machines: somebody has said so.</param>
/// <param name="Lease">Without a request for so long, all toxics are dropped: whoever set them may be gone.</param>
/// <param name="Say">Told what is done, one line each; must not block.</param>
internal sealed record ApiOptions(int Port, ulong Seed, bool AllowRemote, TimeSpan Lease, Action<string> Say, TimeProvider Time)
{
    public const int DefaultPort = 8474;

    public static TimeSpan DefaultLease { get; } = TimeSpan.FromMinutes(10);
}
