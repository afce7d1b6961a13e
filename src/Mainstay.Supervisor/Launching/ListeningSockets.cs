using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Mainstay.Contracts.Processes;

namespace Mainstay.Supervisor.Launching;

/// <summary>The listening TCP sockets in /proc/net/tcp and tcp6, by inode.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    /// <summary>Throws an <see cref="IOException"/> when this process can open nothing.</summary>
    public static Dictionary<long, IPEndPoint> Read(string procDirectory)
    {
        var found = new Dictionary<long, IPEndPoint>();
        AddFrom($"{procDirectory}/net/tcp", found);
        AddFrom($"{procDirectory}/net/tcp6", found);
        return found;
    }

    private static void AddFrom(string file, Dictionary<long, IPEndPoint> found)
    {
        try
        {
            foreach (var line in File.ReadLines(file).Skip(1))
            {
                // sl, local address, remote address, state, queues, timer, retransmits, uid, timeout, inode
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 10)
                    continue;
                // The kernel lists listeners first: thousands of connections after them are not even read.
                if (fields[3] != Listening)
                    return;
                if (ParseEnd(fields[1]) is { } end && long.TryParse(fields[9], CultureInfo.InvariantCulture, out var inode))
                    found[inode] = end;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && !OwnShortage.Is(problem))
        {
            // No IPv6, for instance.
        }
    }

    /// <summary>Words of 32 bits, each in the machine's byte order: <c>0100007F:1F90</c> is 127.0.0.1:8080.</summary>
    private static IPEndPoint? ParseEnd(string text)
    {
        var colon = text.IndexOf(':');
        if (colon is not (8 or 32) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port))
            return null;
        Span<byte> address = stackalloc byte[colon / 2];
        for (var word = 0; word < colon / 8; word++)
        {
            if (!uint.TryParse(text.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
                return null;
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(address[(word * 4)..], value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(address[(word * 4)..], value);
        }

        return new IPEndPoint(new IPAddress(address), port);
    }
}
