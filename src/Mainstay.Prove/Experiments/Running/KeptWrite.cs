using Mainstay.Prove.Experiments.Planning;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>
/// One write that must outlive a fault. A plain body gets a number of its own and must be read again; of one that is JSON, whose shape we do not know,
/// the answer to the read must be the same as before, if that is the same each time, and a success otherwise.
/// </summary>
internal sealed class KeptWrite(Course course, Client client, WritePair pair)
{
    /// <summary>From the acknowledgement until it must be readable.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromMilliseconds(500);

    /// <summary>The same after a fault: caches and connections begin anew.</summary>
    private static readonly TimeSpan Reviving = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int Shown = 60;

    // No other experiment wrote it: in a list of all that was ever written, an earlier one must not stand for a lost one.
    private int _number = (int)(course.Recorder.Clock.StartedAt.ToUnixTimeSeconds() % 100_000_000) * 10;
    private string? _before;
    private bool _isWritten;

    public string Route => pair.Write.Stream.Route;

    private string Wrote => $"{pair.Write.Stream.Name} (acknowledged)";

    /// <summary>Whether what is written can be read at all; if not, that is recorded, and nothing more is done.</summary>
    public async Task TryAsync(CancellationToken cancel)
    {
        if (await WriteOneAsync(cancel) && !(await ReadUntilAsync(Spreading, cancel)).IsRead)
            Unclear($"what {pair.Write.Stream.Name} wrote is not in the answer to {pair.Read.Stream.Name}, before anything was broken: it cannot be told what is kept");
    }

    public async Task WriteAsync(CancellationToken cancel)
    {
        if (!_isWritten || !await WriteOneAsync(cancel) || pair.IsPlain)
            return;
        var (first, second) = (await SendAsync(cancel), await SendAsync(cancel));
        _before = first == second ? first.Text : null;
    }

    public async Task ReadAsync(CancellationToken cancel)
    {
        if (!_isWritten)
            return;
        var (isRead, status, text) = await ReadUntilAsync(Reviving, cancel);
        if (isRead)
            course.Recorder.Happened(Kinds.WriteKept, pair.Write.Stream.Service, $"what {Wrote} wrote was read again by {pair.Read.Stream.Name}", ("status", status));
        else if (status is 0 or >= 500)
            Unclear($"{pair.Read.Stream.Name} was {(status == 0 ? "not answered" : $"answered {status}")} after the fault: it cannot be told whether what {Wrote} wrote is kept");
        else
            course.Recorder.Happened(Kinds.WriteLost, pair.Write.Stream.Service, $"{Wrote} wrote {Short(pair.BodyOf(_number))}, and {pair.Read.Stream.Name} answers {status} {Short(text)} after the fault", ("status", status));
    }

    private async Task<bool> WriteOneAsync(CancellationToken cancel)
    {
        var (status, _) = await client.SendAsync(course.Lab.Edge, pair.Write, pair.BodyOf(++_number), cancel);
        _isWritten = status is >= 200 and < 300;
        if (!_isWritten)
            Unclear($"{pair.Write.Stream.Name} was answered {status} before anything was broken: nothing was acknowledged");
        return _isWritten;
    }

    private async Task<(bool IsRead, int Status, string Text)> ReadUntilAsync(TimeSpan limit, CancellationToken cancel)
    {
        var start = course.Time.GetTimestamp();
        while (true)
        {
            var (status, text) = await SendAsync(cancel);
            var isRead = status is >= 200 and < 300 && (pair.IsPlain ? text.Contains(pair.BodyOf(_number), StringComparison.Ordinal) : _before is null || text == _before);
            if (isRead || course.Time.GetElapsedTime(start) > limit)
                return (isRead, status, text);
            await course.RestAsync(Pause, cancel);
        }
    }

    private Task<(int Status, string Text)> SendAsync(CancellationToken cancel) => client.SendAsync(course.Lab.Edge, pair.Read, null, cancel);

    private void Unclear(string why)
    {
        _isWritten = false;
        course.Recorder.Happened(Kinds.WriteUnclear, pair.Write.Stream.Service, why);
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= Shown ? $"'{line}'" : $"'{line[..Shown]}…'";
    }
}
