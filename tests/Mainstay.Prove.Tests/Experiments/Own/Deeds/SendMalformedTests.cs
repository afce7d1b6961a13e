using Mainstay.Prove.Experiments.Own;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Requests.Malformed;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Tests.Experiments.Own.Deeds;

public sealed class SendMalformedTests
{
    [Fact]
    public async Task All_of_the_corpus_is_sent_however_short_the_time()
    {
        await using var course = Courses.Of(OwnFiles.Shop);
        using var writes = KeptWrites.None(course);
        var evidence = await new SendMalformed().RunAsync(new OwnRun(course, writes), TimeSpan.Zero, default);
        Assert.Equal($"{MalformedCorpus.All.Length} malformed requests", evidence);
        // Nobody listens, so that each of them shows.
        Assert.Equal(MalformedCorpus.All.Length, course.Recorder.Count(Kinds.BadInput));
    }
}
