using System.Net;
using Mainstay.Prove.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Mainstay.Prove.Tests.Load.Http2;

[Collection(Alone.Name)]
public sealed class Http2LoadTests : IAsyncLifetime
{
    private readonly WebApplication _app;

    public Http2LoadTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/busy":
                    (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "7");
                    break;
                case "/never":
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    break;
                case "/reset":
                    await context.Response.StartAsync();
                    context.Abort();
                    break;
                default:
                    await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Method} {context.Request.Host}");
                    break;
            }
        });
    }

    private int Port => new Uri(_app.Urls.First()).Port;

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Requests_are_sent_and_answered_by_the_schedule()
    {
        var samples = await Loads.RunAsync(Loads.Plan(Port, 200, 1, new("GET", "/"), new("POST", "/") { Body = new byte[100] }) with { Http2 = true });
        Assert.Equal(200, samples.Length);
        Assert.All(samples, sample => Assert.Equal((Fate.Answered, 200), (sample.Fate, sample.Status)));
        Assert.InRange(samples.Select(sample => sample.Lag).Order().ElementAt(100), 0, 5000);
    }

    [Fact]
    public async Task Every_end_has_its_fate()
    {
        var samples = await Loads.RunAsync(Loads.Plan(
            Port, 100, 0.4, new("GET", "/busy"), new("GET", "/reset"), new("GET", "/never") { Patience = TimeSpan.FromSeconds(0.3) }, new("GET", "/never")) with
        {
            Http2 = true,
            Drain = TimeSpan.FromSeconds(0.5),
        });
        Assert.Equal(40, samples.Length);
        Assert.All(samples.Where(sample => sample.Stream == 0), sample => Assert.Equal((Fate.Answered, 503, 7), (sample.Fate, sample.Status, sample.RetryAfter)));
        Assert.All(samples.Where(sample => sample.Stream == 1), sample => Assert.Equal(Fate.Reset, sample.Fate));
        Assert.All(samples.Where(sample => sample.Stream == 2), sample => Assert.Equal(Fate.TimedOut, sample.Fate));
        Assert.All(samples.Where(sample => sample.Stream == 3), sample => Assert.Equal(Fate.Cut, sample.Fate));
    }

    [Fact]
    public async Task Nobody_there_is_refused()
    {
        var port = Port;
        await _app.StopAsync();
        Assert.All(await Loads.RunAsync(Loads.Plan(port, 50, 0.2) with { Http2 = true }), sample => Assert.Equal(Fate.Refused, sample.Fate));
    }
}
