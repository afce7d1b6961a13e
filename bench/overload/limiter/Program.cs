// A bare YARP app behind ASP.NET Core's own concurrency limiter: how many requests may be at work and how many may wait is told to it, for
// it measures nothing. Its default answer when full, 503, stays.
using System.Threading.RateLimiting;
using Yarp.ReverseProxy.Configuration;

var (listen, upstream, permits, queue) = (args[0], args[1], int.Parse(args[2]), int.Parse(args[3]));
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls(listen);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddRateLimiter(limiter => limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ =>
    RateLimitPartition.GetConcurrencyLimiter("all", _ => new()
    {
        PermitLimit = permits,
        QueueLimit = queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    })));
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
app.UseRateLimiter();
app.MapReverseProxy();
app.Run();
