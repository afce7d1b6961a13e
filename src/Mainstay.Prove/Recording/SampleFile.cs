using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace Mainstay.Prove.Recording;

/// <summary>
/// The samples of a history on disk: gzip of records of <see cref="RecordBytes"/> bytes, little-endian, each field as wide as in
/// <see cref="Sample"/>.
/// </summary>
internal static class SampleFile
{
    public const int RecordBytes = 4 + (5 * 8) + 2 + 1 + 2;

    public static void Write(string path, ImmutableArray<Sample> samples)
    {
        using var file = new BufferedStream(new GZipStream(File.Create(path), CompressionLevel.Fastest), 1 << 16);
        Span<byte> record = stackalloc byte[RecordBytes];
        foreach (var sample in samples)
        {
            BinaryPrimitives.WriteInt32LittleEndian(record, sample.Stream);
            BinaryPrimitives.WriteInt64LittleEndian(record[4..], sample.ScheduledAt);
            BinaryPrimitives.WriteInt64LittleEndian(record[12..], sample.SentAt);
            BinaryPrimitives.WriteInt64LittleEndian(record[20..], sample.HeadAt);
            BinaryPrimitives.WriteInt64LittleEndian(record[28..], sample.EndedAt);
            BinaryPrimitives.WriteInt64LittleEndian(record[36..], sample.BegunAt);
            BinaryPrimitives.WriteInt16LittleEndian(record[44..], sample.Status);
            record[46] = (byte)sample.Fate;
            BinaryPrimitives.WriteInt16LittleEndian(record[47..], sample.RetryAfter);
            file.Write(record);
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="count">How many records it must have.</param>
    /// <param name="streams">How many streams there are: a sample of another one is damage.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static ImmutableArray<Sample> Read(string path, int count, int streams)
    {
        using var file = new BufferedStream(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), 1 << 16);
        var samples = ImmutableArray.CreateBuilder<Sample>();
        Span<byte> record = stackalloc byte[RecordBytes];
        try
        {
            for (var i = 0; i < count; i++)
            {
                file.ReadExactly(record);
                var sample = new Sample(
                    BinaryPrimitives.ReadInt32LittleEndian(record),
                    BinaryPrimitives.ReadInt64LittleEndian(record[4..]),
                    BinaryPrimitives.ReadInt64LittleEndian(record[12..]),
                    BinaryPrimitives.ReadInt64LittleEndian(record[20..]),
                    BinaryPrimitives.ReadInt64LittleEndian(record[28..]),
                    BinaryPrimitives.ReadInt16LittleEndian(record[44..]),
                    (Fate)record[46],
                    BinaryPrimitives.ReadInt16LittleEndian(record[47..]))
                {
                    BegunAt = BinaryPrimitives.ReadInt64LittleEndian(record[36..]),
                };
                if (sample.Stream < 0 || sample.Stream >= streams || !Enum.IsDefined(sample.Fate))
                    throw new FormatException($"record {i} is damaged");
                samples.Add(sample);
            }
            if (file.ReadByte() >= 0)
                throw new FormatException($"it holds more than the {count} samples it should");
        }
        catch (EndOfStreamException)
        {
            throw new FormatException($"it ends after {samples.Count} of {count} samples");
        }
        catch (InvalidDataException)
        {
            throw new FormatException("it is no gzip file");
        }

        return samples.DrainToImmutable();
    }
}
