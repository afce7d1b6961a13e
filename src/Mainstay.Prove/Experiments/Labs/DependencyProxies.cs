using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Proxy;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>A fault proxy in front of every dependency that may be broken and that services are told of by a variable.</summary>
internal sealed class DependencyProxies : IAsyncDisposable
{
    private readonly List<FaultProxy> _started = [];

    private DependencyProxies()
    {
    }

    public ImmutableDictionary<string, FaultProxy> ByName { get; private set; } = ImmutableDictionary<string, FaultProxy>.Empty;

    /// <summary>The urls for the application under test, by name: by way of the proxy, or the one for <c>prove</c>.</summary>
    public ImmutableDictionary<string, string> Urls { get; private set; } = ImmutableDictionary<string, string>.Empty;

    public static async Task<DependencyProxies> StartAsync(ManifestSpec manifest, Reach reach, ulong seed, TimeProvider time)
    {
        var proxies = new DependencyProxies();
        try
        {
            foreach (var dependency in manifest.Dependencies)
            {
                if (reach.UrlOf(dependency.Name) is { } url)
                    proxies.Add(dependency, url, reach, seed, time);
            }
            return proxies;
        }
        catch
        {
            await proxies.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _started)
            await proxy.DisposeAsync();
    }

    private void Add(DependencySpec dependency, string url, Reach reach, ulong seed, TimeProvider time)
    {
        Urls = Urls.SetItem(dependency.Name, url);
        if (dependency.Variable is null || DependencyUrl.EndPointOf(url) is not { } upstream)
            return;
        var proxy = FaultProxy.Start(new(new(IPAddress.Loopback, 0), upstream, seed, AllowRemote: reach.Has(dependency.Name)), time);
        _started.Add(proxy);
        ByName = ByName.SetItem(dependency.Name, proxy);
        Urls = Urls.SetItem(dependency.Name, DependencyUrl.Through(url, proxy.Endpoint.Port));
    }
}
