// The app that the overload tests and bench/overload run: it does what the path says, knows no overload protection, and ignores that a
// client has gone. Environment: PLACES and SERVICE_MS (of /work, default 4 and 20), BURN_MS (of /burn, default 8, one at a time).
using System.Diagnostics;

var places = new Places(Number("PLACES", 4));
var serviceTime = Number("SERVICE_MS", 20);
var burning = new Places(1);
var burn = Burn.Calibrate(Number("BURN_MS", 8));
var failures = new Failures();
var firstRequest = 0L;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
});
var app = builder.Build();

app.MapGet("/", () => "hello");
foreach (var work in (string[])["/work", "/critical/work", "/sheddable/work"])
    app.MapGet(work, () => places.DoAsync(() => Task.Delay(serviceTime)));
app.MapGet("/burn", () => burning.DoAsync(() => Task.Run(burn.Run)));
app.MapPost("/capacity", (int? count, int? ms) =>
{
    places.Count = count ?? places.Count;
    serviceTime = ms ?? serviceTime;
});

app.MapGet("/wait/{ms:int}", Wait);
app.MapGet("/slow/wait/{ms:int}", Wait);
app.MapGet("/hang", () => new TaskCompletionSource<string>().Task);
app.MapGet("/cold", async () =>
{
    // As code that is compiled while it runs for the first time: 400 ms, and within the first second less and less.
    Interlocked.CompareExchange(ref firstRequest, Stopwatch.GetTimestamp(), 0);
    var age = Stopwatch.GetElapsedTime(firstRequest).TotalSeconds;
    await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(4, 400 * (1 - age))));
    return "done";
});
app.MapGet("/events", async (HttpResponse response, int count, CancellationToken gone) =>
{
    response.ContentType = "text/event-stream";
    for (var i = 0; i < count; i++)
    {
        await response.WriteAsync($"data: {i}\n\n", gone);
        await response.Body.FlushAsync(gone);
        await Task.Delay(100, gone);
    }
});
app.MapPost("/upload", async (HttpRequest request) =>
{
    var buffer = new byte[64 * 1024];
    long total = 0;
    for (int count; (count = await request.Body.ReadAsync(buffer)) > 0;)
        total += count;
    return total.ToString();
});

app.MapGet("/flaky", () => failures.Next() ? Results.StatusCode(500) : Results.Text("fine"));
app.MapPost("/failures", (double share) => failures.Share = share);
app.MapGet("/attempts", () => failures.Attempts.ToString());

app.Run();

static int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : otherwise;

static async Task<string> Wait(int ms)
{
    await Task.Delay(ms);
    return "done";
}

/// <summary>So many at once; the others wait in order, however many they are and however long it takes.</summary>
internal sealed class Places(int count)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _taken;
    private int _count = count;

    public int Count
    {
        get => _count;
        set
        {
            lock (_lock)
            {
                _count = value;
                Admit();
            }
        }
    }

    public async Task<string> DoAsync(Func<Task> work)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            Admit();
        }
        await turn.Task;
        await work();
        lock (_lock)
        {
            _taken--;
            Admit();
        }
        return "done";
    }

    private void Admit()
    {
        for (; _taken < _count && _waiting.TryDequeue(out var next); _taken++)
            next.SetResult();
    }
}

/// <summary>A fixed amount of arithmetic: on a busy machine it takes longer, as real work does.</summary>
internal sealed class Burn(long rounds)
{
    public static Burn Calibrate(int ms)
    {
        const long Rounds = 5_000_000;
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var start = Stopwatch.GetTimestamp();
            new Burn(Rounds).Run();
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }
        return new((long)(Rounds * ms / fastest.TotalMilliseconds));
    }

    public void Run()
    {
        var value = 1UL;
        for (long i = 0; i < rounds; i++)
            value = (value * 6364136223846793005) + 1442695040888963407;
        if (value == 0)
            Console.WriteLine();
    }
}

/// <summary>Which of the answers fail, and how many there were.</summary>
internal sealed class Failures
{
    private readonly Lock _lock = new();
    private readonly Random _chance = new(1);

    public double Share { get; set; }

    public long Attempts { get; private set; }

    public bool Next()
    {
        lock (_lock)
        {
            Attempts++;
            return _chance.NextDouble() < Share;
        }
    }
}
