using System.Globalization;
using System.Text;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Keeping;

/// <summary>
/// What systemd hands over and wants to hear: listening sockets (LISTEN_FDS), and notices, which it takes from its main process alone.
/// Cores ask for both; neither they nor replicas see its variables.
/// </summary>
internal sealed class Systemd(Func<string, string?> variables)
{
    /// <summary>Keys of sockets that it handed over begin with this; a number follows.</summary>
    public const string SocketKey = "activated/";

    private const int FirstDescriptor = 3;
    private const int MostSockets = 256;

    /// <summary>Variables of it that end here.</summary>
    public static readonly string[] Variables = ["NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"];

    private readonly byte[]? _address = AddressOf(variables("NOTIFY_SOCKET"));

    /// <summary>The listening sockets that were handed to this process. A number of them that is none means none.</summary>
    /// <param name="refuse">Told of whatever else is among them, in one line each; it is not touched, as the number may not be true.</param>
    public IEnumerable<SafeFileHandle> Sockets(Action<string> refuse)
    {
        if (variables("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(variables("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            yield break;
        var names = variables("LISTEN_FDNAMES")?.Split(':') ?? [];
        for (var descriptor = FirstDescriptor; descriptor < FirstDescriptor + Math.Min(count, MostSockets); descriptor++)
        {
            if (Linux.WhyNotListening(descriptor) is { } why)
            {
                var name = names.ElementAtOrDefault(descriptor - FirstDescriptor) is { Length: > 0 } given ? $" ({given})" : "";
                refuse($"descriptor {descriptor}{name} from systemd {why}; it is not used: listening stream sockets are (ListenStream=, Accept=no)");
                continue;
            }

            Linux.CloseOnExec(descriptor);
            yield return new(descriptor, ownsHandle: true);
        }
    }

    /// <summary>Passes a core's words on. Never blocks; what cannot be sent is not sent.</summary>
    public bool Notify(string text) => _address is not null && Linux.SendDatagram(_address, Encoding.UTF8.GetBytes(text));

    /// <summary>A leading @ stands for the zero byte that marks the abstract namespace.</summary>
    private static byte[]? AddressOf(string? name) => name is ['/' or '@', _, ..]
        ? Encoding.UTF8.GetBytes(name[0] == '@' ? "\0" + name[1..] : name)
        : null;
}
