using System.Net.Sockets;

namespace Mainstay.Contracts.Processes;

/// <summary>Failures that tell of this process or machine, out of descriptors or socket buffers, and nothing of whom it turned to.</summary>
public static class OwnShortage
{
    private const int MachineHasNoMoreFiles = 23; // ENFILE, on Linux and macOS
    private const int ProcessHasNoMoreFiles = 24; // EMFILE

    public static bool Is(Exception failure) => failure switch
    {
        SocketException socket => Is(socket.SocketErrorCode),
        // An IOException of .NET on Unix carries errno where Windows has its HRESULT.
        IOException { HResult: MachineHasNoMoreFiles or ProcessHasNoMoreFiles } => true,
        _ => failure.InnerException is { } inner && Is(inner),
    };

    public static bool Is(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
}
