// The app that the end-to-end tests run. Environment: START_DELAY_MS waits before listening, MODE=exit ends at once, MODE=never-ready
// never answers /readyz with 200, COUNT_FILE-PID receives the id of every POST to /count, VERSION is told by /version.
using System.Net.WebSockets;

var mode = Environment.GetEnvironmentVariable("MODE");
var replica = Environment.GetEnvironmentVariable("MAINSTAY_REPLICA") ?? "";
if (mode == "exit")
{
    Console.WriteLine("cannot find my configuration");
    return 3;
}
if (int.TryParse(Environment.GetEnvironmentVariable("START_DELAY_MS"), out var delay))
    Thread.Sleep(delay);

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
var app = builder.Build();
app.UseWebSockets();
var counting = new Lock();
var stopping = app.Lifetime.ApplicationStopping;

app.MapGet("/", () => "hello");
app.MapGet("/who", () => replica);
app.MapGet("/pid", () => Environment.ProcessId.ToString());
app.MapGet("/version", () => Environment.GetEnvironmentVariable("VERSION") ?? "none");
app.MapGet("/readyz", () => mode == "never-ready" ? Results.StatusCode(503) : Results.Ok());

// A naive app: so many places, an unbounded queue in front of them, deaf to clients that go away.
var places = new SemaphoreSlim(int.TryParse(Environment.GetEnvironmentVariable("PLACES"), out var count) ? count : 4, 64);
var workMs = int.TryParse(Environment.GetEnvironmentVariable("WORK_MS"), out var work) ? work : 20;
app.MapGet("/work", Work);
app.MapGet("/critical", Work);
app.MapPost("/slower", (int ms) => workMs = ms);
async Task<string> Work()
{
    await places.WaitAsync();
    try
    {
        await Task.Delay(workMs);
        return "a good answer, which is fifty-eight bytes long, newline too";
    }
    finally
    {
        places.Release();
    }
}

// Fails in so many of a hundred cases.
var failing = 0;
var asked = 0;
app.MapPost("/failing", (int percent) => failing = percent);
app.MapGet("/asked", () => asked.ToString());
app.MapGet("/flaky", () => Interlocked.Increment(ref asked) * 37 % 100 < failing ? Results.StatusCode(500) : Results.Ok("fine"));
app.MapMethods("/answer", ["GET", "HEAD"], (int status, int? after, HttpResponse response) =>
{
    if (after is { } seconds)
        response.Headers.RetryAfter = seconds.ToString();
    return Results.Text("the app's own words", statusCode: status);
});
app.MapGet("/hang", async () => await Task.Delay(TimeSpan.FromMinutes(5)));
app.MapGet("/bimodal", async () =>
{
    await Task.Delay(Random.Shared.Next(2) * 800 + 1);
    return "sometimes slow";
});
// Quick, and slow by chance in so many of a hundred cases, as after a collection of garbage or a read that missed every cache.
app.MapGet("/tail", async (int percent, int ms) =>
{
    await Task.Delay(Random.Shared.Next(100) < percent ? ms : 5);
    return "mostly quick";
});
app.MapGet("/poll", async () =>
{
    await Task.Delay(TimeSpan.FromSeconds(6));
    return "nothing new";
});

app.MapGet("/slow", async (int ms) =>
{
    await Task.Delay(ms);
    return "slow";
});
app.MapPut("/put", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    return body.Length.ToString();
});
app.MapPost("/count", async (string id, int? ms) =>
{
    if (Environment.GetEnvironmentVariable("COUNT_FILE") is { } file)
    {
        // A file for each process, one writer at a time: .NET's append mode would let two writers overwrite each other.
        lock (counting)
            File.AppendAllText($"{file}-{Environment.ProcessId}", id + "\n");
    }
    await Task.Delay(ms ?? 0);
    return id;
});
app.MapPost("/upload", async (HttpRequest request) =>
{
    var buffer = new byte[128 * 1024];
    long total = 0;
    for (int count; (count = await request.Body.ReadAsync(buffer)) > 0;)
        total += count;
    return total.ToString();
});
app.MapGet("/download", async (long bytes, HttpResponse response) =>
{
    response.ContentLength = bytes;
    var buffer = new byte[128 * 1024];
    for (var left = bytes; left > 0; left -= Math.Min(left, buffer.Length))
        await response.Body.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)));
});
app.MapGet("/events", async (HttpResponse response, CancellationToken gone) =>
{
    response.ContentType = "text/event-stream";
    using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
    try
    {
        for (var i = 0; ; i++)
        {
            await response.WriteAsync($"data: {i}\n\n", gone);
            await response.Body.FlushAsync(gone);
            await Task.Delay(100, end.Token);
        }
    }
    catch (OperationCanceledException)
    {
        // Told to stop: the stream ends as a whole answer.
    }
});
app.Map("/ws", async (HttpContext context) =>
{
    if (!context.WebSockets.IsWebSocketRequest)
    {
        context.Response.StatusCode = 400;
        return;
    }
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[16 * 1024];
    while (socket.State == WebSocketState.Open)
    {
        var message = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        if (message.MessageType == WebSocketMessageType.Close)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        else
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
    }
});

app.Run();
return 0;
