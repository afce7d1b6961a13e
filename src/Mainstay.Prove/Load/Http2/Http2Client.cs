using System.Net;
using System.Net.Sockets;

namespace Mainstay.Prove.Load.Http2;

/// <summary>The base library's client with nothing done on its own account: no proxy, redirects, cookies, decompression or trace headers.</summary>
internal static class Http2Client
{
    /// <param name="plan">Where to.</param>
    /// <param name="source">Where from; null: as the system chooses.</param>
    public static SocketsHttpHandler Create(LoadPlan plan, IPAddress? source) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = plan.Connections,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(plan.Target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (source is not null)
                    socket.Bind(new IPEndPoint(source, 0));
                await socket.ConnectAsync(plan.Target.Address, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
