using System.Net;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Writes through the edge, and reads at each replica.</summary>
internal sealed class SharedState : IExperiment
{
    private const int Writes = 10;

    /// <summary>From the acknowledgement of a write until every replica must know of it.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromMilliseconds(500);

    public string Name => "shared-state";

    public string Pillar => Pillars.Scalability;

    public string Does(string subject) => $"writes through one replica of {subject} and reads at each of them, before any other load";

    public string AppliesTo => "services with two replicas or more, and an `exercise` that writes and one that reads the same path";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded
        .Where(service => service.Replicas > 1 && service.Protocol == Manifest.Model.UpstreamProtocol.Http && WritePair.Find(scope.Sent, service.Name) is not null)
        .Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(26);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var pair = WritePair.Find(course.Scope.Sent, course.Subject)!;
        course.Recorder.Expect(
            NeverHappens.Expect("what one replica has acknowledged every replica knows", Origin.Default, Kinds.ReadStale),
            Happens.Expect("replicas were asked", Origin.Default, Kinds.ReadFresh, evidence: true));
        // What other experiments wrote is everywhere by now.
        await course.Lab.StartAsync(cancel);
        course.Observe();
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            using var client = new Client(course.Time);
            for (var i = 0; i < Writes; i++)
                await WriteAndReadAsync(course, client, pair, i, cancel);
            // That it serves at all is seen from the ordinary load.
            await course.StartLoadAsync();
            await course.RestAsync(TimeSpan.FromSeconds(4), cancel);
        });
    }

    private static async Task WriteAndReadAsync(Course course, Client client, WritePair pair, int number, CancellationToken cancel)
    {
        var body = pair.BodyOf(number);
        var (status, _) = await client.SendAsync(course.Lab.Edge, pair.Write, body, cancel);
        if (status is < 200 or >= 300)
        {
            course.Trouble($"{pair.Write.Stream.Name} was answered {status}: nothing was written");
            return;
        }
        var deadline = course.Now + (long)Spreading.TotalMicroseconds;
        var replicas = (await course.Application.StatusAsync(cancel))?.Services.First(service => service.Name == course.Subject).Replicas ?? [];
        foreach (var replica in replicas.Where(replica => replica.State == "ready" && replica.Address is not null))
        {
            while (true)
            {
                var (read, text) = await client.SendAsync(IPEndPoint.Parse(replica.Address!), pair.Read, null, cancel);
                var isFresh = read is >= 200 and < 300 && (!pair.IsPlain || text.Contains(body, StringComparison.Ordinal));
                if (!isFresh && course.Now < deadline)
                {
                    await course.RestAsync(TimeSpan.FromMilliseconds(20), cancel);
                    continue;
                }
                course.Recorder.Happened(
                    isFresh ? Kinds.ReadFresh : Kinds.ReadStale, replica.Name, $"{pair.Read.Stream.Name} at {replica.Name} after write {number + 1}: {read}", ("status", read));
                break;
            }
        }
    }
}
