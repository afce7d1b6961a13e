using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Memory;

internal sealed class MemoryAnswerBody : AnswerBody
{
    private readonly AnswerHead _head;
    private readonly MemoryStep _step;
    private ReadOnlyMemory<byte> _left;

    public MemoryAnswerBody(AnswerHead head, MemoryStep step)
    {
        _head = head;
        _step = step;
        _left = step.Body;
        if (step.DeclaresLength)
            Length = step.Body.Length + (step.BreaksOff ? 1 : 0);
    }

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var piece = _left[..Math.Min(_left.Length, _step.PieceBytes)];
        _left = _left[piece.Length..];
        if (piece.IsEmpty && _step.BreaksOff)
            throw new UpstreamBrokeOffException("scripted break");
        if (_left.IsEmpty && !_step.BreaksOff)
            Complete();
        return ValueTask.FromResult(piece);
    }

    private void Complete()
    {
        IsComplete = true;
        foreach (var (name, value) in _step.Trailers)
            (_head.Trailers ??= new HeaderBlock()).Set(name, value);
    }
}
