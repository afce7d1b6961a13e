using System.Buffers;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>
/// The bytes of one way of a connection that wait for their faults, in order and bounded. It decides and never sends: what may go is handed out by
/// <see cref="Next"/>, and one sender at a time, direct or from the line, holds the socket. Thread-safe.
/// </summary>
internal sealed class Line(Random chance, RequestGate? gate, Tally tally)
{
    /// <summary>Bytes that may wait; a sender that has more is held by TCP.</summary>
    public const int MostWaiting = 1 << 20;

    private readonly Lock _lock = new();
    private readonly LinkStages _stages = new(chance);
    private readonly Queue<Piece> _queue = new();
    private int _waiting;
    private bool _busy;
    private bool _delayed;
    private bool _silenced;
    private long? _resetAfter;
    private RequestVerdict? _verdict;

    public Wake Changed { get; } = new();

    public Wake Room { get; } = new();

    public bool IsSilent
    {
        get
        {
            lock (_lock)
                return _stages.IsSilent;
        }
    }

    /// <summary>True: the connection must end, because a fault that went has lost bytes.</summary>
    public bool Apply(FaultSet faults, Flow flow, TimeSpan now)
    {
        lock (_lock)
        {
            if (gate is not null)
                gate.Faults = faults.OfRequests;
            if (faults.OfRequests.IsEmpty)
                _resetAfter = null;
            var breaks = _stages.Apply(faults.OfLink(flow), now);
            Changed.Set();
            return breaks;
        }
    }

    /// <summary>Lets the caller send by itself, until <see cref="EndDirect"/>: nothing waits and no fault is in force.</summary>
    public bool TryBeginDirect()
    {
        lock (_lock)
        {
            if (_busy || _queue.Count > 0 || !_stages.IsEmpty || _resetAfter is not null || gate is { IsNeeded: true })
                return false;
            return _busy = true;
        }
    }

    public void EndDirect()
    {
        lock (_lock)
        {
            _busy = false;
            if (_queue.Count > 0)
                Changed.Set();
        }
    }

    /// <summary>True: there is room for more.</summary>
    public bool Add(Piece piece)
    {
        lock (_lock)
        {
            _queue.Enqueue(piece);
            _waiting += piece.Bytes.Length;
            Changed.Set();
            return _waiting < MostWaiting;
        }
    }

    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return _waiting < MostWaiting;
        }
    }

    /// <summary>What comes next is the answer to a request: it is reset after so many bytes, or not.</summary>
    public void ExpectAnswer(long? resetAfter)
    {
        lock (_lock)
        {
            _resetAfter = resetAfter;
            Changed.Set();
        }
    }

    /// <summary>What to do; what is to be sent must be reported by <see cref="Sent"/>.</summary>
    public Step Next(TimeSpan now)
    {
        lock (_lock)
        {
            var end = _stages.Break;
            if (end is { } due && due.At <= now)
                return new(due.Deed == Deed.Reset ? Step.Kind.Reset : Step.Kind.Finish);
            if (_busy || !_queue.TryPeek(out var head))
                return new(Step.Kind.Wait, Until: end?.At);
            if (head.IsEnd)
            {
                var at = _stages.EndAt(head.Arrived);
                if (at <= now)
                    return new(Step.Kind.End);
                if (!head.Waited)
                    tally.Add(Counted.ClosesDelayed);
                head.Waited = true;
                return WaitNeedsLock(at, end?.At);
            }
            return NextBytesNeedsLock(head, now, end?.At);
        }
    }

    public void Sent(int bytes, TimeSpan now)
    {
        lock (_lock)
        {
            _busy = false;
            TakeNeedsLock(bytes, now);
        }
    }

    private Step NextBytesNeedsLock(Piece head, TimeSpan now, TimeSpan? end)
    {
        while (true)
        {
            var passage = _stages.Next(new(head.Arrived, head.Number, head.Left.Length), now);
            if (head.Request is { } request && head.Left.Length == head.Bytes.Length)
            {
                var verdict = _verdict ??= JudgeNeedsLock(request);
                passage = passage.And(new(head.Arrived + verdict.Delay, int.MaxValue));
            }
            if (_resetAfter is { } left)
                passage = passage.And(left > 0 ? new(TimeSpan.Zero, (int)Math.Min(left, int.MaxValue)) : new(TimeSpan.Zero, int.MaxValue, Deed.Reset));
            if (passage.At > now)
            {
                NoteWaitNeedsLock(head, passage.At);
                return WaitNeedsLock(passage.At, end);
            }
            if (passage.Deed is Deed.Reset or Deed.Finish)
                return new(passage.Deed == Deed.Reset ? Step.Kind.Reset : Step.Kind.Finish);
            if (_verdict is { Status: > 0 and var status })
            {
                _verdict = null;
                gate!.IsSwallowing = true;
                TakeNeedsLock(head.Left.Length, now);
                return new(Step.Kind.Answer, Request: head.Request, Status: status);
            }
            var discards = passage.Deed == Deed.Discard || (gate is { IsSwallowing: true } && head.Request is null);
            var count = Math.Min(passage.Most, head.Left.Length);
            if (!discards)
            {
                var answered = _verdict;
                _verdict = null;
                if (gate is not null)
                    gate.IsSwallowing = false;
                _busy = true;
                if (head.Waited)
                    tally.Add(Counted.BytesDelayed, count);
                return new(Step.Kind.Send, Bytes: head.Left[..count], Request: answered is null ? null : head.Request, ResetAfter: answered?.ResetAfter);
            }
            if (passage.Deed == Deed.Discard)
                tally.Add(Counted.BytesDropped, count);
            TakeNeedsLock(count, now);
            if (!_queue.TryPeek(out var next) || next.IsEnd)
            {
                Changed.Set();
                return new(Step.Kind.Wait, Until: end);
            }
            head = next;
        }
    }

    private RequestVerdict JudgeNeedsLock(SeenRequest request)
    {
        var verdict = gate!.Judge(request);
        if (!verdict.IsNone)
            tally.Add(Counted.RequestsFaulted);
        return verdict;
    }

    private void TakeNeedsLock(int bytes, TimeSpan now)
    {
        var head = _queue.Peek();
        head.Left = head.Left[bytes..];
        _stages.Passed(bytes, now);
        if (_resetAfter is { } left)
            _resetAfter = left - bytes;
        _waiting -= bytes;
        if (head.Left.IsEmpty)
        {
            _queue.Dequeue();
            if (head.Returns)
                ArrayPool<byte>.Shared.Return(head.Buffer);
        }
        if (_waiting < MostWaiting)
            Room.Set();
    }

    private void NoteWaitNeedsLock(Piece head, TimeSpan until)
    {
        head.Waited = true;
        if (!_delayed)
            tally.Add(Counted.ConnectionsDelayed);
        _delayed = true;
        if (until == TimeSpan.MaxValue && !_silenced)
        {
            _silenced = true;
            tally.Add(Counted.ConnectionsSilenced);
        }
    }

    private static Step WaitNeedsLock(TimeSpan at, TimeSpan? end)
    {
        var until = end is { } sooner && sooner < at ? sooner : at;
        return new(Step.Kind.Wait, until == TimeSpan.MaxValue ? null : until);
    }
}
