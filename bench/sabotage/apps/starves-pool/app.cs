#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property InvariantGlobalization=true
// The healthy .NET app, but for its report and the number of threads.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

var threads = Math.Max(8, Environment.ProcessorCount);
ThreadPool.SetMaxThreads(threads, threads);

app.MapGet("/", () => "Hello.\n");
app.MapGet("/healthz", () => "ready\n");
app.MapGet("/report", () =>
{
    Task.WaitAll([.. Enumerable.Range(1, (threads / 2) - 1).Select(_ => Task.Run(Reports.Ask))]);
    return "reported\n";
});

app.Run();

static class Reports
{
    public static void Ask() => Task.Delay(1000).Wait(); // the defect: waits for a task instead of awaiting it
}
