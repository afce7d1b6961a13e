using Mainstay.Prove.Experiments.Running;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Blocking.Managed;

/// <summary>Names the code of a .NET replica that stands still, by the stacks of its threads while it does.</summary>
internal sealed class ManagedNaming(Course course, OutsideWatch watch)
{
    /// <summary>In a stretch all of the pool's threads hang in a few places.</summary>
    private const int MostPlaces = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>The process to ask; null: there is no .NET in it, or it does not let itself be asked.</summary>
    public int? Runtime { get; } = StackCapture.Find(watch.Pid);

    /// <summary>Why nothing was named; null: nothing was tried.</summary>
    public string? Why { get; private set; }

    public async Task<bool> TryAsync(int runtime, CancellationToken cancel)
    {
        Why = $"it did not stand still again within {Patience.TotalSeconds:0} s";
        var start = course.Time.GetTimestamp();
        while (course.Time.GetElapsedTime(start) < Patience)
        {
            if (!watch.IsOverdue)
            {
                await course.RestAsync(Poll, cancel);
                continue;
            }
            var file = course.Lab.Folder[$"stacks-{Guid.NewGuid():N}.nettrace"];
            try
            {
                await StackCapture.RunAsync(runtime, file, course.Time, cancel);
            }
            catch (StackCaptureException refused)
            {
                Why = $"its runtime did not tell: {refused.Message}";
                return false;
            }
            if (Name(file))
                return true;
            Why = "no thread of the pool was in the application's code";
        }
        return false;
    }

    private bool Name(string file)
    {
        var places = ManagedStacks.Read(file).Select(stack => (Code: CodePlace.Of(stack.Stack, course.Service.Directory), stack.Samples))
            .Where(place => place.Code is not null).GroupBy(place => place.Code!, place => place.Samples)
            .OrderByDescending(place => place.Sum()).Take(MostPlaces).ToList();
        foreach (var place in places)
            course.Recorder.Happened(Kinds.CodeNamed, watch.Beat.Replica, place.Key, ("samples", place.Sum()), ("seconds", place.Sum() / 1000d));
        return places.Count > 0;
    }
}
