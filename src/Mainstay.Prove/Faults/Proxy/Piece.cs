using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>Bytes that wait to go on, or the end of the stream.</summary>
/// <param name="Number">Of the read they came with.</param>
/// <param name="Returns">The buffer goes back to the pool with it.</param>
/// <param name="Request">The request whose head this is; the pieces after it, up to the next one, are its body.</param>
internal sealed record Piece(ReadOnlyMemory<byte> Bytes, byte[] Buffer, bool Returns, TimeSpan Arrived, long Number, SeenRequest? Request = null)
{
    public bool IsEnd => Bytes.IsEmpty;

    /// <summary>Bytes that are still here.</summary>
    public ReadOnlyMemory<byte> Left { get; set; } = Bytes;

    /// <summary>A fault made it wait.</summary>
    public bool Waited { get; set; }

    public static Piece End(TimeSpan arrived) => new(default, [], false, arrived, -1);
}
