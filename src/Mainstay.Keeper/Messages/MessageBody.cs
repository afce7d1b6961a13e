using System.Text;

namespace Mainstay.Keeper.Messages;

/// <summary>Puts bodies of messages together.</summary>
internal static class MessageBody
{
    public static ReadOnlyMemory<byte> Empty => default;

    public static ReadOnlyMemory<byte> Of(Action<BinaryWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            write(writer);
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    public static ReadOnlyMemory<byte> Of(int number) => Of(body => body.Write(number));

    public static ReadOnlyMemory<byte> Of(string text) => Of(body => body.Write(text));

    public static void WriteBytes(this BinaryWriter body, ReadOnlySpan<byte> bytes)
    {
        body.Write(bytes.Length);
        body.Write(bytes);
    }

    public static byte[] ReadBytesWithLength(this BinaryReader body) => body.ReadBytes(ReadCount(body));

    public static void WriteStrings(this BinaryWriter body, IReadOnlyCollection<string> texts)
    {
        body.Write(texts.Count);
        foreach (var text in texts)
            body.Write(text);
    }

    public static string[] ReadStrings(this BinaryReader body)
    {
        var texts = new string[ReadCount(body)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = body.ReadString();
        return texts;
    }

    /// <summary>How many of something follow, each a byte at least: a number that says more than there is costs no memory.</summary>
    private static int ReadCount(BinaryReader body)
    {
        var count = body.ReadInt32();
        return count >= 0 && count <= body.BaseStream.Length - body.BaseStream.Position ? count : throw new EndOfStreamException();
    }
}
