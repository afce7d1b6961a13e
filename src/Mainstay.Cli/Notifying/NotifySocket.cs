using System.Net.Sockets;
using System.Text;

namespace Mainstay.Cli.Notifying;

/// <summary>
/// Tells the service manager that started us how we are: datagrams to the Unix socket named in NOTIFY_SOCKET, as in sd_notify(3).
/// Nobody there, or a queue that is full, must never hold us up: what cannot be sent at once is not sent.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    public const string Variable = "NOTIFY_SOCKET";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint _address;

    private NotifySocket(UnixDomainSocketEndPoint address) => _address = address;

    /// <summary>Null without a service manager, or with an address of a kind that is not a Unix socket's.</summary>
    public static NotifySocket? Open(Func<string, string?> variables)
    {
        if (variables(Variable) is not { Length: > 1 } name || name[0] is not ('/' or '@'))
            return null;
        try
        {
            // A leading @ stands for the zero byte that marks the abstract namespace.
            return new(new(name[0] == '@' ? "\0" + name[1..] : name));
        }
        catch (ArgumentException)
        {
            return null; // Longer than a socket's address can be.
        }
    }

    /// <summary>Sends assignments such as <c>READY=1</c>. Thread-safe.</summary>
    public bool Send(params IEnumerable<string> assignments)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), _address);
            return true;
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
