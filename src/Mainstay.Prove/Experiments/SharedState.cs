using System.Collections.Immutable;
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

    /// <summary>Of a body that is always the same, and may be known everywhere once each replica was sent it.</summary>
    private const int Comparisons = 3;

    /// <summary>From the acknowledgement of a write until every replica must know of it.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two reads that must be alike: a clock in whole seconds shows.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1.1);

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
            if (!pair.IsPlain)
                await CompareAsync(course, client, pair, cancel);
            for (var i = 0; pair.IsPlain && i < Writes; i++)
                await SearchAsync(course, client, pair, i, cancel);
            // That it serves at all is seen from the ordinary load.
            await course.StartLoadAsync();
            await course.RestAsync(TimeSpan.FromSeconds(4), cancel);
        });
    }

    /// <summary>Every body is another one: each replica must answer with it.</summary>
    private static async Task SearchAsync(Course course, Client client, WritePair pair, int number, CancellationToken cancel)
    {
        var body = pair.BodyOf(number);
        if (!await IsWrittenAsync(course, client, pair, body, cancel))
            return;
        var deadline = course.Now + (long)Spreading.TotalMicroseconds;
        foreach (var (replica, server) in await ReadyAsync(course, cancel))
        {
            while (true)
            {
                var (read, text) = await client.SendAsync(server, pair.Read, null, cancel);
                var isFresh = read is >= 200 and < 300 && text.Contains(body, StringComparison.Ordinal);
                if (!isFresh && course.Now < deadline)
                {
                    await course.RestAsync(TimeSpan.FromMilliseconds(20), cancel);
                    continue;
                }
                course.Recorder.Happened(
                    isFresh ? Kinds.ReadFresh : Kinds.ReadStale, replica, $"{pair.Read.Stream.Name} at {replica} after write {number + 1}: {read}", ("status", read));
                break;
            }
        }
    }

    /// <summary>What the answer must hold is not known: the replicas, which answered alike before, must do so again.</summary>
    private static async Task CompareAsync(Course course, Client client, WritePair pair, CancellationToken cancel)
    {
        var before = (await AskTwiceAsync(course, client, pair, cancel)).Incomparable;
        for (var i = 1; i <= Comparisons; i++)
        {
            if (!await IsWrittenAsync(course, client, pair, pair.Write.Body!, cancel))
                continue;
            await course.RestAsync(Spreading, cancel);
            var (known, text) = (await AskTwiceAsync(course, client, pair, cancel)).Judge(before);
            if (known == Knowledge.Unclear)
                course.Trouble($"whether every replica knows of write {i} cannot be told from {pair.Read.Stream.Name}: {text}");
            else
                course.Recorder.Happened(known == Knowledge.Fresh ? Kinds.ReadFresh : Kinds.ReadStale, course.Subject, $"{pair.Read.Stream.Name} after write {i}: {text}");
        }
    }

    private static async Task<ReplicaAnswers> AskTwiceAsync(Course course, Client client, WritePair pair, CancellationToken cancel)
    {
        var replicas = await ReadyAsync(course, cancel);
        var first = await AskAsync();
        await course.RestAsync(Apart, cancel);
        var second = await AskAsync();
        return new(replicas.Select((replica, i) => (replica.Name, (first[i], second[i]))).ToImmutableSortedDictionary(one => one.Name, one => one.Item2));

        async Task<List<Answer>> AskAsync()
        {
            var answers = new List<Answer>();
            foreach (var (_, server) in replicas)
            {
                var (status, body) = await client.SendAsync(server, pair.Read, null, cancel);
                answers.Add(new(status, body));
            }
            return answers;
        }
    }

    private static async Task<bool> IsWrittenAsync(Course course, Client client, WritePair pair, string body, CancellationToken cancel)
    {
        var (status, _) = await client.SendAsync(course.Lab.Edge, pair.Write, body, cancel);
        if (status is >= 200 and < 300)
            return true;
        course.Trouble($"{pair.Write.Stream.Name} was answered {status}: nothing was written");
        return false;
    }

    private static async Task<List<(string Name, IPEndPoint Server)>> ReadyAsync(Course course, CancellationToken cancel) =>
        [.. ((await course.Application.StatusAsync(cancel))?.Services.First(service => service.Name == course.Subject).Replicas ?? [])
            .Where(replica => replica.State == "ready" && replica.Address is not null).Select(replica => (replica.Name, IPEndPoint.Parse(replica.Address!)))];
}
