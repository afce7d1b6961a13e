using System.Text.Json.Nodes;
using Mainstay.Prove.Faults.Toxiproxy.Serving;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>All proxies of the API, by name. Not thread-safe: its owner asks one thing at a time.</summary>
internal sealed class ProxyTable(ApiOptions options) : IAsyncDisposable
{
    public const int MostProxies = 1000;
    public const int MostToxics = 100;

    private readonly SortedDictionary<string, NamedProxy> _proxies = new(StringComparer.Ordinal);

    public IReadOnlyCollection<NamedProxy> All => _proxies.Values;

    public NamedProxy Find(string name) => _proxies.GetValueOrDefault(name) ?? throw new ApiException(404, "proxy not found");

    public static Toxic FindToxic(NamedProxy proxy, string name) => proxy.Find(name) ?? throw new ApiException(404, "toxic not found");

    public NamedProxy Create(JsonObject from)
    {
        var (name, listen, upstream) = Read(from);
        if (_proxies.ContainsKey(name))
            throw new ApiException(409, "proxy already exists");
        return Add(name, listen, upstream, ToxiproxyJson.Flag(from, "enabled") ?? true);
    }

    /// <summary>All of the list are there afterwards; one that is there already as it should be stays, with its toxics.</summary>
    public async Task<IReadOnlyList<NamedProxy>> PopulateAsync(JsonArray list)
    {
        // Everything is read before anything is done.
        var wanted = list.Select(item => item as JsonObject ?? throw ToxiproxyJson.Bad("the list holds something else than proxies"))
            .Select(item => (Read(item), ToxiproxyJson.Flag(item, "enabled") ?? true)).ToList();
        var done = new List<NamedProxy>();
        foreach (var ((name, listen, upstream), enabled) in wanted)
        {
            if (_proxies.TryGetValue(name, out var known) && known.Upstream == upstream && known.Listens(listen))
            {
                if (known.IsEnabled != enabled)
                    known.Enable(enabled);
                done.Add(known);
                continue;
            }
            if (known is not null)
                await DeleteAsync(known);
            done.Add(Add(name, listen, upstream, enabled));
        }
        return done;
    }

    public async Task UpdateAsync(NamedProxy proxy, JsonObject from)
    {
        await proxy.MoveAsync(ToxiproxyJson.Text(from, "listen"), ToxiproxyJson.Text(from, "upstream"));
        if (ToxiproxyJson.Flag(from, "enabled") is { } enabled && enabled != proxy.IsEnabled)
        {
            proxy.Enable(enabled);
            options.Say($"{proxy.Name}: {(enabled ? "on" : "off, connections refused")}");
        }
    }

    public async Task DeleteAsync(NamedProxy proxy)
    {
        _proxies.Remove(proxy.Name);
        await proxy.DisposeAsync();
        options.Say($"{proxy.Name}: gone");
    }

    public Toxic AddToxic(NamedProxy proxy, JsonObject from)
    {
        var toxic = Toxic.Read(from);
        if (proxy.Find(toxic.Name) is not null)
            throw new ApiException(409, "toxic already exists");
        if (proxy.Toxics.Count >= MostToxics)
            throw new ApiException(400, $"a proxy has at most {MostToxics} toxics");
        return Put(proxy, toxic);
    }

    public Toxic Put(NamedProxy proxy, Toxic toxic)
    {
        proxy.Put(toxic);
        options.Say($"{proxy.Name}: {toxic.Name} ({toxic.Fault.Text}, {toxic.Stream}{(toxic.Toxicity < 1 ? $", {toxic.Toxicity:P0} of connections" : "")})");
        return toxic;
    }

    public void RemoveToxic(NamedProxy proxy, Toxic toxic)
    {
        proxy.Remove(toxic);
        options.Say($"{proxy.Name}: {toxic.Name} lifted");
    }

    /// <summary>All on, and without toxics. True if anything had to be changed.</summary>
    public bool Reset()
    {
        var changed = false;
        foreach (var proxy in _proxies.Values.Where(proxy => !proxy.IsEnabled || proxy.Toxics.Count > 0))
        {
            proxy.Reset();
            changed = true;
        }
        return changed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
    }

    private NamedProxy Add(string name, string listen, string upstream, bool enabled)
    {
        if (_proxies.Count >= MostProxies)
            throw new ApiException(400, $"there are at most {MostProxies} proxies");
        var proxy = NamedProxy.Start(name, listen, upstream, options);
        if (!enabled)
            proxy.Enable(false);
        _proxies[name] = proxy;
        options.Say($"{name}: {proxy.Listen} → {upstream}{(enabled ? "" : ", off")}");
        return proxy;
    }

    private static (string Name, string Listen, string Upstream) Read(JsonObject from)
    {
        var name = Required(from, "name");
        if (name.Contains('/'))
            throw ToxiproxyJson.Bad("name holds a slash");
        return (name, ToxiproxyJson.Text(from, "listen") is { Length: > 0 } listen ? listen : "127.0.0.1:0", Required(from, "upstream"));
    }

    private static string Required(JsonObject from, string name) =>
        ToxiproxyJson.Text(from, name) is { Length: > 0 } text ? text : throw new ApiException(400, $"missing required field: {name}");
}
