using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Requests.Malformed;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>The whole corpus of malformed requests, again and again; once at least, however short the time.</summary>
internal sealed record SendMalformed : OwnFault
{
    /// <summary>Seconds for an answer, or as long as the route promises.</summary>
    private const double Limit = 5;

    public override string Does => "sends requests that are malformed";

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        if (Targets.Of(course.Scope) is not { } targets)
            return null;
        var client = new MalformedClient(
            course.Lab.Edge, targets.At(course.Lab.Edge), $"/canary-{course.Chance.Next(0x10000):x4}", targets.Patience(Limit), course.Time);
        var start = course.Time.GetTimestamp();
        var sent = 0;
        run.On("", Does);
        do
        {
            var evidence = await client.SendAsync(MalformedCorpus.All, cancel);
            sent += evidence.Length;
            foreach (var wrong in evidence.Where(one => !one.IsAcceptable))
                course.Recorder.Happened(Kinds.BadInput, "", wrong.Text, ("status", wrong.Status), ("wrong", 1));
        }
        while (course.Time.GetElapsedTime(start) < length);
        run.Off("", $"{sent} malformed requests were sent");
        return $"{sent} malformed requests";
    }
}
