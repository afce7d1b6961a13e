using System.Text;
using Mainstay.Edge.Forwarding;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

public sealed class Http1FuzzTests
{
    private static readonly string[] Seeds =
    [
        "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 11\r\nSet-Cookie: a=b\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nKeep-Alive: timeout=5\r\nContent-Length: 2, 2\r\n\r\nno",
    ];

    /// <summary>Answers one after the other, each on a connection of its own that is closed behind it.</summary>
    private static async Task<List<Exchanged>> ExchangeAllAsync(List<byte[]> answers)
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(answers[connection.Number - 1]);
        });
        await using var client = Exchanging.Client(upstream.EndPoint, new() { MaxIdleConnections = 0 });
        var all = new List<Exchanged>();
        foreach (var _ in answers)
            all.Add(await client.ExchangeAsync());
        Assert.Equal(0, client.OpenCount);
        return all;
    }

    [Fact]
    public async Task An_answer_cut_anywhere_is_never_a_success()
    {
        foreach (var seed in Seeds)
        {
            var cuts = Enumerable.Range(0, seed.Length).Select(length => Encoding.Latin1.GetBytes(seed[..length])).ToList();
            var all = await ExchangeAllAsync(cuts);
            for (var length = 0; length < all.Count; length++)
            {
                var exchanged = all[length];
                Assert.False(exchanged.Failure == AttemptFailure.None && exchanged.BodyComplete, $"complete after {length} bytes of {seed}");
                Assert.Equal(length > 0, exchanged.Attempt.Answered);
                if (length == 0)
                    Assert.Equal(AttemptFailure.Unanswered, exchanged.Failure);
            }
        }
    }

    [Fact]
    public async Task Mutated_answers_end_in_a_documented_way_and_equal_their_dripped_selves()
    {
        var random = new Random(20261122);
        var mutants = Enumerable.Range(0, 600).Select(_ => Mutate(random)).ToList();
        var all = await ExchangeAllAsync(mutants);
        for (var i = 0; i < all.Count; i++)
        {
            var exchanged = all[i];
            if (exchanged.Failure != AttemptFailure.None)
            {
                Assert.Contains(exchanged.Failure, new[] { AttemptFailure.Unanswered, AttemptFailure.BrokenHead, AttemptFailure.Malformed });
                continue;
            }
            Assert.InRange(exchanged.Status, 200, 599);
            Assert.True(exchanged.BodyComplete == exchanged.BrokeOff is null);
        }
        foreach (var i in Enumerable.Range(0, all.Count).Where(at => at % 6 == 0))
        {
            var dripped = await Exchanging.AnswerAsync(Encoding.Latin1.GetString(mutants[i]), drip: true);
            Assert.Equal(Told(all[i]), Told(dripped));
        }
    }

    private static (AttemptFailure, int, string, string, string?, bool) Told(Exchanged exchanged) => exchanged.Failure == AttemptFailure.None
        ? (exchanged.Failure, exchanged.Status, exchanged.Headers, exchanged.Body, exchanged.Trailers, exchanged.BodyComplete)
        : (exchanged.Failure, 0, "", "", null, false);

    private static byte[] Mutate(Random random)
    {
        var bytes = Encoding.Latin1.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
        for (var count = random.Next(1, 4); count > 0 && bytes.Count > 1; count--)
        {
            var at = random.Next(bytes.Count);
            const string Nasty = "\r\n\0 :;,\t0159afxHc\x7f\xff-+";
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)Nasty[random.Next(Nasty.Length)]; break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)Nasty[random.Next(Nasty.Length)]); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at))); break;
            }
        }
        return [.. bytes];
    }
}
