using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>A message as a core said it.</summary>
internal sealed class SaidMessage(Message message) : IDisposable
{
    public async ValueTask ObeyAsync(KeptThings kept, Core core)
    {
        using var body = message.Read();
        await kept.ObeyAsync(core, message, body);
    }

    public void Dispose() => message.CloseDescriptors();
}

internal static class SaidMessages
{
    public static SaidMessage ToMessage(this ReadOnlyMemory<byte> body, MessageKind kind, params SafeFileHandle[] descriptors) =>
        new(new Message(kind, body.ToArray(), descriptors));
}
