namespace Mainstay.Cli.Logs;

/// <summary>
/// The bytes below a <see cref="LogRing"/>. Whoever finds them after this process was killed sees its writes in their order up to some point:
/// a word whole or not at all, of the last other write perhaps a part. Not thread-safe.
/// </summary>
internal interface IRingBytes
{
    long Length { get; }

    void Read(long at, Span<byte> into);

    void Write(long at, ReadOnlySpan<byte> bytes);

    /// <param name="at">A multiple of 8.</param>
    long ReadWord(long at);

    /// <param name="at">A multiple of 8.</param>
    void WriteWord(long at, long value);
}
