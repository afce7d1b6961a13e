using System.IO.Pipelines;

namespace Mainstay.Edge.Exchanges;

/// <summary>How the bytes of an answer get into its writer.</summary>
internal static class AnswerWriting
{
    /// <summary>Copies bytes in, without flushing them.</summary>
    /// <exception cref="IOException">The client has gone: the writer of a connection that has ended has no room for anything.</exception>
    public static void Put(this PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = writer.GetSpan();
            if (room.IsEmpty)
                throw new IOException("The client has gone.");
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            writer.Advance(count);
            bytes = bytes[count..];
        }
    }
}
