// The server of bench/load: /steady answers after 20 ms, exactly; / at once; after POST /stand-still?ms=N nothing is begun for so long.
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls(args[0]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
var standsStill = Task.CompletedTask;
var pauses = new ExactPauses(TimeSpan.FromMilliseconds(20));
app.MapGet("/", () => "ok");
app.MapGet("/steady", async () =>
{
    await standsStill;
    await pauses.PauseAsync();
    return "ok";
});
app.MapPost("/stand-still", (int ms) =>
{
    standsStill = Task.Delay(TimeSpan.FromMilliseconds(ms), TimeProvider.System);
    return "so be it";
});
app.Run();
