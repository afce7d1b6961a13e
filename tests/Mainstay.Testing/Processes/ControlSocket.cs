using System.Net.Sockets;
using System.Text.Json;

namespace Mainstay.Testing.Processes;

/// <summary>Asks a running <c>up</c> for its status without starting a process for it.</summary>
internal static class ControlSocket
{
    /// <summary>Null while nobody listens.</summary>
    public static async Task<JsonElement?> StatusAsync(string stateFolder, CancellationToken cancel)
    {
        var pointer = Path.Combine(stateFolder, "control");
        var path = File.Exists(pointer) ? (await File.ReadAllTextAsync(pointer, cancel)).Trim() : Path.Combine(stateFolder, "control.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync("""{"version":1,"command":"status"}"""u8.ToArray().Append((byte)'\n').ToArray(), cancel);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(cancel) is { } line)
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.TryGetProperty("status", out var status))
                    return status.Clone();
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // Not there yet, or just gone.
        }
        return null;
    }
}
