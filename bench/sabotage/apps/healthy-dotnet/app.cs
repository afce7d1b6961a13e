#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property InvariantGlobalization=true
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

app.Run();
