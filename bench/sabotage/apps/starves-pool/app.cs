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
    Task.WaitAll([.. Enumerable.Range(0, threads).Select(_ => Task.Run(Reports.Ask))]);
    return "reported\n";
});

app.Run();

static class Reports
{
    public static string Ask()
    {
        Thread.Sleep(700); // the defect: a call that blocks, in every thread of the pool, instead of one that is awaited
        return "asked\n";
    }
}
