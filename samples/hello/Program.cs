var app = WebApplication.CreateSlimBuilder(args).Build();
var replica = Environment.GetEnvironmentVariable("MAINSTAY_REPLICA") ?? "nobody";

app.MapGet("/", () => $"Hello from {replica}.\n");

app.MapGet("/slow", async (int ms, CancellationToken gone) =>
{
    await Task.Delay(Math.Clamp(ms, 0, 60_000), gone);
    return $"That took {ms} ms, said {replica}.\n";
});

app.MapPost("/echo", async (HttpRequest request, HttpResponse response) =>
{
    response.ContentType = request.ContentType;
    await request.Body.CopyToAsync(response.Body);
});

app.MapGet("/readyz", () => "ready\n");

StartThreads(16);
app.Run();

// Without a free descriptor no thread can be started, and the runtime ends a process that needs one: those of the pool are there from the beginning,
// and stay, and code is compiled once (tiered compilation would start a thread for it later). `mainstay prove` found that (descriptors).
static void StartThreads(int count)
{
    ThreadPool.SetMinThreads(count, count);
    using var together = new Barrier(count + 1);
    for (var i = 0; i < count; i++)
        ThreadPool.UnsafeQueueUserWorkItem(_ => together.SignalAndWait(), null);
    together.SignalAndWait();
}
