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

app.Run();
