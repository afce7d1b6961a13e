using System.Net;
using System.Text.Json.Nodes;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Toxiproxy.Serving;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>Toxiproxy's HTTP API, so that its clients can drive our proxies. For this machine only. When it ends, so do its proxies.</summary>
internal sealed class ToxiproxyApi : IAsyncDisposable
{
    /// <summary>Of the API that is spoken.</summary>
    public const string Version = "2.9.0";

    private readonly SemaphoreSlim _one = new(1);
    private readonly ApiOptions _options;
    private readonly ProxyTable _table;
    private readonly Lease _lease;
    private readonly ApiServer _server;

    private ToxiproxyApi(ApiOptions options)
    {
        _options = options;
        _table = new(options);
        _lease = new(options.Lease, () => _ = ExpireAsync(), options.Time);
        try
        {
            _server = ApiServer.Start(options.Port, AnswerAsync, options.Time);
        }
        catch (IOException)
        {
            _lease.Dispose();
            throw;
        }
    }

    public IPEndPoint Endpoint => _server.Endpoint;

    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public static ToxiproxyApi Start(ApiOptions options) => new(options);

    /// <summary>What each proxy has counted.</summary>
    public async Task<IReadOnlyList<(string Name, ProxyCount Count)>> CountAsync()
    {
        await _one.WaitAsync();
        try
        {
            return [.. _table.All.Select(proxy => (proxy.Name, proxy.Count))];
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _lease.Dispose();
        await _one.WaitAsync();
        await _table.DisposeAsync();
        _one.Release();
    }

    private async Task<ApiAnswer> AnswerAsync(ApiRequest request)
    {
        await _one.WaitAsync();
        try
        {
            _lease.Renew();
            return await RouteAsync(request);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ApiAnswer> RouteAsync(ApiRequest request) => (request.Method, request.Path) switch
    {
        ("GET", ["version"]) => Ok(new JsonObject { ["version"] = Version }),
        ("GET", ["proxies"]) => Ok(new JsonObject(_table.All.Select(proxy => KeyValuePair.Create(proxy.Name, (JsonNode?)ToxiproxyJson.Of(proxy))))),
        ("POST", ["proxies"]) => Ok(ToxiproxyJson.Of(_table.Create(ToxiproxyJson.ParseObject(request.Body))), 201),
        ("POST", ["populate"]) => Ok(
            new JsonObject
            {
                ["proxies"] = new JsonArray([.. (await _table.PopulateAsync(ToxiproxyJson.ParseArray(request.Body))).Select(proxy => (JsonNode)ToxiproxyJson.Of(proxy))]),
            },
            201),
        ("POST", ["reset"]) => Reset(),
        (_, ["proxies", var name, ..]) => await RouteAsync(request, _table.Find(name)),
        _ => throw new ApiException(404, "there is nothing at this path for this method"),
    };

    private async Task<ApiAnswer> RouteAsync(ApiRequest request, NamedProxy proxy)
    {
        switch (request.Method, request.Path[2..])
        {
            case ("GET", []):
                return Ok(ToxiproxyJson.Of(proxy));
            case ("POST" or "PATCH", []):
                await _table.UpdateAsync(proxy, ToxiproxyJson.ParseObject(request.Body));
                return Ok(ToxiproxyJson.Of(proxy));
            case ("DELETE", []):
                await _table.DeleteAsync(proxy);
                return new(204);
            case ("GET", ["toxics"]):
                return Ok(ToxiproxyJson.Of(proxy.Toxics));
            case ("POST", ["toxics"]):
                return Ok(ToxiproxyJson.Of(_table.AddToxic(proxy, ToxiproxyJson.ParseObject(request.Body))));
            case ("GET", ["toxics", var name]):
                return Ok(ToxiproxyJson.Of(ProxyTable.FindToxic(proxy, name)));
            case ("POST" or "PATCH", ["toxics", var name]):
                return Ok(ToxiproxyJson.Of(_table.Put(proxy, ProxyTable.FindToxic(proxy, name).With(ToxiproxyJson.ParseObject(request.Body)))));
            case ("DELETE", ["toxics", var name]):
                _table.RemoveToxic(proxy, ProxyTable.FindToxic(proxy, name));
                return new(204);
            default:
                throw new ApiException(405, "this method does nothing here");
        }
    }

    private ApiAnswer Reset()
    {
        if (_table.Reset())
            _options.Say("all toxics lifted");
        return new(204);
    }

    private async Task ExpireAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_table.Reset())
                _options.Say($"no sign of life for {_options.Lease.TotalSeconds:0} s: all toxics lifted");
        }
        finally
        {
            _one.Release();
        }
    }

    private static ApiAnswer Ok(JsonNode node, int status = 200) => new(status, ToxiproxyJson.Bytes(node));
}
