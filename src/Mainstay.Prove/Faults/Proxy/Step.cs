using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>What to do next with the bytes of a link that wait.</summary>
/// <param name="Until">With <see cref="Kind.Wait"/>: when to look again, since the proxy's start; null: when something changes.</param>
/// <param name="Bytes">With <see cref="Kind.Send"/>.</param>
/// <param name="Request">The request whose head is sent, or answered.</param>
/// <param name="Status">With <see cref="Kind.Answer"/>.</param>
/// <param name="ResetAfter">With a request that is sent: bytes of its answer after which the client is reset.</param>
internal readonly record struct Step(
    Step.Kind What,
    TimeSpan? Until = null,
    ReadOnlyMemory<byte> Bytes = default,
    SeenRequest? Request = null,
    int Status = 0,
    long? ResetAfter = null)
{
    public enum Kind
    {
        /// <summary>Nothing may go now.</summary>
        Wait,

        /// <summary>Bytes go on.</summary>
        Send,

        /// <summary>The client is answered by the proxy.</summary>
        Answer,

        /// <summary>The stream's end goes on; the other way may stay open.</summary>
        End,

        /// <summary>A fault closes the connection.</summary>
        Finish,

        /// <summary>A fault resets the connection.</summary>
        Reset,
    }
}
