// A bare YARP app as its documentation shows it: one route, one destination. Only the log line per request is turned off, as in production.
using Yarp.ReverseProxy.Configuration;

var (listen, upstream) = (args[0], args[1]);
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls(listen);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**rest}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "upstream",
            Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = upstream } },
        },
    ]);
var app = builder.Build();
app.MapReverseProxy();
app.Run();
