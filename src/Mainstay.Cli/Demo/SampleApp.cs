using System.Globalization;
using System.Net;
using Mainstay.Cli.State;
using Mainstay.Prove.Storms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Mainstay.Cli.Demo;

/// <summary>
/// The app that the demo keeps running, when nothing but Mainstay is installed; the same as the one for Node: as simple as most, it stands in line without
/// end, works on for clients that have gone, and waits for its dependency for ever.
/// </summary>
internal sealed class SampleApp(string orders, Uri prices, TimeProvider time) : IDisposable
{
    private const int Places = 2;
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _places = new(Places);
    private readonly Lock _noting = new();
    private readonly string _orders = Path.Combine(orders, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="CommandFailure">It was not started by the demo.</exception>
    public static async Task<int> RunAsync(Func<string, string?> variables, TimeProvider time, CancellationToken cancel)
    {
        if (!ushort.TryParse(variables("PORT"), CultureInfo.InvariantCulture, out var port) || variables("ORDERS") is not { } orders || variables("PRICES_URL") is not { } prices)
            throw CommandFailure.Usage("'demo-app' is the demo's own app; start it with 'mainstay demo'");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var server = builder.Build();
        using var app = new SampleApp(orders, new(prices), time);
        server.Run(app.AnswerAsync);
        await server.StartAsync(cancel);
        await server.WaitForShutdownAsync(cancel);
        return ExitCodes.Done;
    }

    public void Dispose()
    {
        _client.Dispose();
        _places.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/healthz"):
                await ReplyAsync(context, StatusCodes.Status200OK, "ready\n");
                break;
            case ("GET", "/work"):
                await WorkAsync();
                await ReplyAsync(context, StatusCodes.Status200OK, "worked\n");
                break;
            case ("GET", "/price"):
                await ReplyAsync(context, StatusCodes.Status200OK, await _client.GetStringAsync(prices));
                break;
            case ("POST", "/orders"):
                Note(context.Request.Headers[StormLoad.OrderHeader].ToString());
                await WorkAsync();
                await ReplyAsync(context, StatusCodes.Status201Created, "ordered\n");
                break;
            default:
                await ReplyAsync(context, StatusCodes.Status404NotFound, "not here\n");
                break;
        }
    }

    private static Task ReplyAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }

    private async Task WorkAsync()
    {
        await _places.WaitAsync();
        try
        {
            await Task.Delay(Work, time);
        }
        finally
        {
            _places.Release();
        }
    }

    private void Note(string order)
    {
        lock (_noting)
            File.AppendAllText(_orders, order + "\n");
    }
}
