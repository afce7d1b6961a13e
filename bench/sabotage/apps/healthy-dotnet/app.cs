#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property InvariantGlobalization=true
#:property TieredCompilation=false
// The healthy .NET app.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

app.MapGet("/", () => "Hello.\n");
app.MapGet("/healthz", () => "ready\n");
app.MapGet("/report", async () =>
{
    await Task.Delay(200);
    return "reported\n";
});

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
