using System.Diagnostics;

namespace Mainstay.Testing;

/// <summary>Waits for a condition, with a deadline: never for luck.</summary>
public static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once the condition holds, with the time it took; throws <see cref="TimeoutException"/> after <paramref name="within"/>.</summary>
    public static Task<TimeSpan> True(Func<bool> condition, TimeSpan within, string what, Func<string>? detail = null) =>
        True(() => Task.FromResult(condition()), within, what, detail);

    /// <inheritdoc cref="True(Func{bool}, TimeSpan, string, Func{string}?)"/>
    public static async Task<TimeSpan> True(Func<Task<bool>> condition, TimeSpan within, string what, Func<string>? detail = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) >= within)
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}.{(detail is null ? "" : "\n" + detail())}");
            await Task.Delay(Step, TimeProvider.System);
        }
        return Stopwatch.GetElapsedTime(start);
    }
}
