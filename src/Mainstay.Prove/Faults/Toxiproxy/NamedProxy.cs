using System.Net;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Toxiproxy.Serving;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>A proxy of the API: it has a name, can be switched off, and its faults are toxics. Owned by the table, under its gate.</summary>
internal sealed class NamedProxy : IAsyncDisposable
{
    private readonly List<Toxic> _toxics = [];
    private readonly ApiOptions _options;
    private FaultProxy _proxy;

    private NamedProxy(string name, string upstream, FaultProxy proxy, ApiOptions options) => (Name, Upstream, _proxy, _options) = (name, upstream, proxy, options);

    public string Name { get; }

    public string Upstream { get; private set; }

    public string Listen => _proxy.Endpoint.ToString();

    public bool IsEnabled { get; private set; } = true;

    public IReadOnlyList<Toxic> Toxics => _toxics;

    public ProxyCount Count => _proxy.Count;

    public static NamedProxy Start(string name, string listen, string upstream, ApiOptions options) =>
        new(name, upstream, StartProxy(listen, upstream, options), options);

    public bool Listens(string address) => Addresses.Parse(address) is IPEndPoint { Port: > 0 } wanted && wanted.Equals(_proxy.Endpoint);

    public void Enable(bool enabled)
    {
        IsEnabled = enabled;
        Apply();
    }

    public Toxic? Find(string name) => _toxics.Find(toxic => toxic.Name == name);

    public void Put(Toxic toxic)
    {
        var at = _toxics.FindIndex(known => known.Name == toxic.Name);
        if (at < 0)
            _toxics.Add(toxic);
        else
            _toxics[at] = toxic;
        Apply();
    }

    public void Remove(Toxic toxic)
    {
        _toxics.Remove(toxic);
        Apply();
    }

    /// <summary>On, and without toxics.</summary>
    public void Reset()
    {
        _toxics.Clear();
        Enable(true);
    }

    /// <summary>Moves it to another address, or another upstream; toxics stay, connections end.</summary>
    public async Task MoveAsync(string? listen, string? upstream)
    {
        if ((listen is null || Listens(listen)) && (upstream is null || upstream == Upstream))
            return;
        var before = Listen;
        // Checked before anything is given up.
        _ = Spec(listen ?? before, upstream ?? Upstream, _options);
        await _proxy.DisposeAsync();
        try
        {
            _proxy = StartProxy(listen ?? before, upstream ?? Upstream, _options);
            Upstream = upstream ?? Upstream;
        }
        catch (ApiException)
        {
            _proxy = StartProxy(before, Upstream, _options);
            Apply();
            throw;
        }
        Apply();
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private void Apply() => _proxy.Set([.. _toxics.Select(toxic => toxic.Fault), .. IsEnabled ? [] : (Fault[])[new Refuse()]]);

    private static FaultProxy StartProxy(string listen, string upstream, ApiOptions options)
    {
        try
        {
            return FaultProxy.Start(Spec(listen, upstream, options), options.Time);
        }
        catch (IOException taken)
        {
            throw new ApiException(500, taken.Message);
        }
    }

    private static FaultProxySpec Spec(string listen, string upstream, ApiOptions options)
    {
        if (Addresses.Parse(listen) is not IPEndPoint address)
            throw new ApiException(400, $"listen '{listen}' is no address such as 127.0.0.1:8001");
        if (Addresses.Parse(upstream) is not { } target)
            throw new ApiException(400, $"upstream '{upstream}' is no address such as 127.0.0.1:6379");
        var spec = new FaultProxySpec(address, target, options.Seed, options.AllowRemote);
        return spec.Problem is { } problem ? throw new ApiException(400, problem) : spec;
    }
}
