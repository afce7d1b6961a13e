using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Messages;

/// <summary>One message as it was received.</summary>
/// <param name="Kind">What it is; may be unknown to this version.</param>
/// <param name="Body">What it says, in the order of its description.</param>
/// <param name="Descriptors">Open, and the receiver's to close.</param>
internal sealed record Message(MessageKind Kind, byte[] Body, SafeFileHandle[] Descriptors)
{
    /// <summary>Reads the body from its start; a body that is too short throws an <see cref="EndOfStreamException"/>.</summary>
    public BinaryReader Read() => new(new MemoryStream(Body, writable: false), Encoding.UTF8);

    /// <summary>The receiver keeps this one beyond the message.</summary>
    public SafeFileHandle Keep(int index)
    {
        var kept = Descriptors[index];
        Descriptors[index] = new(-1, ownsHandle: false);
        return kept;
    }

    public void CloseDescriptors()
    {
        foreach (var descriptor in Descriptors)
            descriptor.Dispose();
    }
}
