#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property InvariantGlobalization=true
// The healthy .NET app, but for its report.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

app.MapGet("/", () => "Hello.\n");
app.MapGet("/healthz", () => "ready\n");
app.MapGet("/report", () =>
{
    Task.Run(() => Task.Delay(1000)).Wait(); // the defect: waits for a task instead of awaiting it
    return "reported\n";
});

app.Run();
