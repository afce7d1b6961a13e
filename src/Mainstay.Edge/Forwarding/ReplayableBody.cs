using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// A request's body that can be sent more than once: nothing is taken from the client's reader for good until 64 KiB have been read or the
/// answer has begun, so each attempt starts at the first byte without a copy being made. Reused.
/// </summary>
internal sealed class ReplayableBody(TimeProvider time, Action touched)
{
    /// <summary>Beyond so many bytes the body is no longer kept, and the request no longer repeatable.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>What a client hears (408) that took longer to send than its request may take.</summary>
    public const string Late = "The request body did not arrive within the request's time.";

    private PipeReader _source = null!;
    private Reader? _current;
    private ReadResult _held;
    private bool _hasHeld;
    private bool _needsMore;
    private long _offset;
    private long? _length;
    private long _gone;
    private volatile bool _isReading;
    private double _starved;
    private double _starvesSince;
    private volatile bool _isReleased;

    /// <summary>Whether another attempt could still send it from its first byte.</summary>
    public bool CanReplay => !_isReleased && Error is null;

    /// <summary>Bytes that are kept for another attempt.</summary>
    public long KeptBytes => _hasHeld && !_isReleased ? _held.Buffer.Length : 0;

    /// <summary>The client has sent it all, or all the bytes that it declared: the end of an HTTP/2 stream may come later, or never.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Seconds for which the last attempt waited for what the client had not sent, up to now.</summary>
    public double Starved => Volatile.Read(ref _starved) + (_isReading ? time.Seconds() - Volatile.Read(ref _starvesSince) : 0);

    /// <summary>Why the client's body could not be read; null as long as it could.</summary>
    public Exception? Error { get; private set; }

    /// <param name="source">The client's.</param>
    /// <param name="length">In bytes, as declared; null if it was not.</param>
    public void Begin(PipeReader source, long? length = null)
    {
        _source = source;
        _length = length;
        _gone = 0;
        _current = null;
        _held = default;
        _hasHeld = _needsMore = _isReleased = IsWhole = false;
        _offset = 0;
        _starved = 0;
        Error = null;
    }

    /// <summary>A reader from the first byte on. The one before must not be read any more; a read it left pending is called off.</summary>
    public async ValueTask<PipeReader> OpenAsync()
    {
        _current = null;
        while (_isReading)
        {
            _source.CancelPendingRead();
            await Task.Yield();
        }
        _offset = 0;
        _needsMore = false;
        _starved = 0;
        return _current = new Reader(this);
    }

    /// <summary>
    /// A further reader from the first byte on, beside the one that is being read: once the client has sent all and all of it is kept, nothing
    /// moves any more. It must not be read after <see cref="Release"/> or <see cref="End"/>.
    /// </summary>
    public bool TryOpenBeside([NotNullWhen(true)] out PipeReader? reader)
    {
        // A longer one is let go as it is read.
        reader = IsWhole && _hasHeld && _held.IsCompleted && CanReplay && _held.Buffer.Length <= Limit ? PipeReader.Create(_held.Buffer) : null;
        return reader is not null;
    }

    /// <summary>Nothing will be sent again: what is read from now on is let go.</summary>
    public void Release() => _isReleased = true;

    /// <summary>Gives the client's reader back in good order.</summary>
    public void End()
    {
        _current = null;
        if (_hasHeld && !_isReading)
        {
            _hasHeld = false;
            _source.AdvanceTo(_held.Buffer.GetPosition(_offset));
        }
        _held = default;
    }

    private void Touched()
    {
        IsWhole |= _held.IsCompleted || _gone + _held.Buffer.Length >= _length;
        touched();
    }

    private ReadResult View => new(_held.Buffer.Slice(_offset), isCanceled: false, _held.IsCompleted);

    private bool TryView(out ReadResult view)
    {
        view = default;
        if (!_hasHeld || (_needsMore && !_held.IsCompleted))
            return false;
        view = View;
        return true;
    }

    /// <summary>Makes room for a further read of the source.</summary>
    private void LetGo()
    {
        if (!_hasHeld)
            return;
        _hasHeld = false;
        if (_isReleased)
        {
            _source.AdvanceTo(_held.Buffer.GetPosition(_offset), _held.Buffer.End);
            _gone += _offset;
            _offset = 0;
        }
        else
        {
            _source.AdvanceTo(_held.Buffer.Start, _held.Buffer.End);
        }
    }

    private ValueTask<ReadResult> ReadAsync(Reader reader, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (TryView(out var view))
            return new(view);
        return FetchAsync(reader, cancel);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FetchAsync(Reader reader, CancellationToken cancel)
    {
        Volatile.Write(ref _starvesSince, time.Seconds());
        _isReading = true;
        // The token is not handed on: a source may not be readable again after it, while a cancelled read gives all its bytes back.
        var watch = cancel.UnsafeRegister(static source => ((PipeReader)source!).CancelPendingRead(), _source);
        try
        {
            while (true)
            {
                LetGo();
                _held = await ReadSourceAsync();
                _hasHeld = true;
                Touched();
                var isNew = _held.Buffer.Length > _offset || _held.IsCompleted;
                _needsMore = !isNew;
                cancel.ThrowIfCancellationRequested();
                if (_current != reader)
                    throw new OperationCanceledException("The attempt is over.");
                if (isNew)
                    return View;
            }
        }
        finally
        {
            watch.Unregister();
            // Before the next attempt may begin, which counts from zero.
            Volatile.Write(ref _starved, _starved + (time.Seconds() - _starvesSince));
            _isReading = false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadSourceAsync()
    {
        try
        {
            return await _source.ReadAsync(CancellationToken.None);
        }
        catch (Exception error)
        {
            Error = error;
            throw;
        }
    }

    private bool TryRead(out ReadResult result)
    {
        if (TryView(out result))
            return true;
        LetGo();
        try
        {
            if (!_source.TryRead(out _held))
                return false;
        }
        catch (Exception error)
        {
            Error = error;
            throw;
        }
        _hasHeld = true;
        Touched();
        _needsMore = _held.Buffer.Length <= _offset && !_held.IsCompleted;
        return TryView(out result);
    }

    private void Advance(SequencePosition consumed, SequencePosition examined)
    {
        var buffer = _held.Buffer;
        _offset = buffer.Slice(buffer.Start, consumed).Length;
        _needsMore = buffer.Slice(examined).IsEmpty;
        if (_offset > Limit)
            _isReleased = true;
        if (!_isReleased)
            return;
        _hasHeld = false;
        _gone += _offset;
        _offset = 0;
        _source.AdvanceTo(consumed, examined);
    }

    /// <summary>One attempt's view; worthless once the next has been opened.</summary>
    private sealed class Reader(ReplayableBody body) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            Check();
            return body.ReadAsync(this, cancellationToken);
        }

        public override bool TryRead(out ReadResult result)
        {
            Check();
            return body.TryRead(out result);
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            if (body._current == this)
                body.Advance(consumed, examined);
        }

        public override void CancelPendingRead()
        {
            if (body._current == this)
                body._source.CancelPendingRead();
        }

        public override void Complete(Exception? exception = null)
        {
            // The source is the exchange's: another attempt may need it.
        }

        private void Check()
        {
            if (body._current != this)
                throw new OperationCanceledException("The attempt is over.");
        }
    }
}
