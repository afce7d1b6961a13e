using FsCheck.Xunit;
using Mainstay.Keeper.Messages;

namespace Mainstay.Keeper.Tests.Messages;

[Properties(Replay = "20261127,4711", MaxTest = 300, EndSize = 150)]
public sealed class MessageBodyTests
{
    [Property]
    public void What_was_written_is_read(int number, string?[] texts, byte[] bytes, string? last)
    {
        string[] words = [.. texts.Select(Sayable)];
        using var body = Read(MessageBody.Of(writer =>
        {
            writer.Write(number);
            writer.WriteStrings(words);
            writer.WriteBytes(bytes);
            writer.Write(Sayable(last));
        }));
        Assert.Equal(number, body.ReadInt32());
        Assert.Equal(words, body.ReadStrings());
        Assert.Equal(bytes, body.ReadBytesWithLength());
        Assert.Equal(Sayable(last), body.ReadString());
        Assert.Equal(body.BaseStream.Length, body.BaseStream.Position);
    }

    [Property]
    public void A_body_that_is_cut_anywhere_says_so(string?[] texts, byte[] bytes, ushort cut)
    {
        var whole = MessageBody.Of(writer =>
        {
            writer.WriteStrings([.. texts.Select(Sayable)]);
            writer.WriteBytes(bytes);
        });
        using var body = Read(whole[..(cut % whole.Length)]);
        Assert.Throws<EndOfStreamException>(() =>
        {
            _ = body.ReadStrings();
            _ = body.ReadBytesWithLength();
        });
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_or_are_not_understood(byte[] hostile)
    {
        using var body = Read(hostile);
        try
        {
            while (body.BaseStream.Position < body.BaseStream.Length)
            {
                _ = body.ReadStrings();
                _ = body.ReadBytesWithLength();
                _ = body.ReadString();
            }
        }
        catch (Exception broken) when (broken is IOException or FormatException)
        {
            // As it is caught by whoever reads messages.
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_length_beyond_the_body_costs_no_memory(int length)
    {
        var hostile = MessageBody.Of(writer =>
        {
            writer.Write(length);
            writer.Write("abc"u8);
        });
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EndOfStreamException>(() => Read(hostile).ReadBytesWithLength());
        Assert.Throws<EndOfStreamException>(() => Read(hostile).ReadStrings());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static BinaryReader Read(ReadOnlyMemory<byte> body) => new Message(MessageKind.Note, body.ToArray(), []).Read();

    /// <summary>Without halves of surrogate pairs, which UTF-8 has no word for.</summary>
    private static string Sayable(string? text) => string.Concat((text ?? "").EnumerateRunes());
}
