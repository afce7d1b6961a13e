using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Launching;

/// <summary>Which process group a child joins.</summary>
internal enum ChildPlace
{
    OwnGroup,

    /// <summary>A group of its own, and a session: no terminal reaches it.</summary>
    OwnSession,

    /// <summary>Its parent's: a terminal means both.</summary>
    Parents,
}

/// <summary>One child to start, by posix_spawn: every signal at its default (.NET ignores SIGPIPE, and that would be inherited) and none blocked.</summary>
/// <param name="Arguments">The first is the program's path.</param>
/// <param name="Directory">Where it starts; null: where we are, also when that has been removed.</param>
/// <param name="Place">Which process group it joins.</param>
/// <param name="Extra">What it finds as descriptor 3; null: nothing.</param>
internal sealed record ChildStart(
    IReadOnlyList<string> Arguments,
    IEnumerable<KeyValuePair<string, string>> Environment,
    string? Directory,
    SafeFileHandle Input,
    SafeFileHandle Output,
    SafeFileHandle Error,
    ChildPlace Place = ChildPlace.OwnGroup,
    SafeFileHandle? Extra = null)
{
    // Larger than these opaque types are on any platform (glibc: 336, 80 and 128 bytes).
    private const int OpaqueSize = 1024;

    /// <summary>The number of <see cref="Extra"/> in the child.</summary>
    public const int ExtraDescriptor = 3;

    /// <summary>The child's pid, or 0 and the platform's error.</summary>
    public unsafe (int Pid, int Error) Run()
    {
        var attributes = stackalloc byte[OpaqueSize];
        var actions = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[OpaqueSize];
        using var arguments = new TextArray(Arguments);
        using var environment = new TextArray(Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        var directory = Marshal.StringToCoTaskMemUTF8(Directory);
        _ = LibC.InitAttributes(attributes);
        _ = LibC.InitActions(actions);
        try
        {
            _ = LibC.FillSignals(signals);
            _ = LibC.SetSignalDefaults(attributes, signals);
            _ = LibC.EmptySignals(signals);
            _ = LibC.SetSignalMask(attributes, signals);
            _ = LibC.SetGroup(attributes, 0);
            var apart = Place switch
            {
                ChildPlace.OwnSession => LibC.SpawnSetSession,
                ChildPlace.OwnGroup => LibC.SpawnSetGroup,
                _ => (short)0,
            };
            var flags = (short)(apart + LibC.SpawnSetSignalDefaults + LibC.SpawnSetSignalMask + LibC.SpawnCloseOthers);
            _ = LibC.SetFlags(attributes, flags);
            if (Directory is not null)
                _ = LibC.AddDirectory(actions, (byte*)directory);
            _ = LibC.AddDuplicate(actions, LibC.Descriptor(Input), 0);
            _ = LibC.AddDuplicate(actions, LibC.Descriptor(Output), 1);
            _ = LibC.AddDuplicate(actions, LibC.Descriptor(Error), 2);
            if (Extra is not null)
                _ = LibC.AddDuplicate(actions, LibC.Descriptor(Extra), ExtraDescriptor);
            LibC.AddCloseFrom(actions, Extra is null ? ExtraDescriptor : ExtraDescriptor + 1);
            int pid;
            var error = LibC.Spawn(&pid, arguments.First, actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? (pid, 0) : (0, error);
        }
        finally
        {
            _ = LibC.DestroyActions(actions);
            _ = LibC.DestroyAttributes(attributes);
            Marshal.FreeCoTaskMem(directory);
        }
    }

    /// <summary>A NULL-terminated array of C strings.</summary>
    private sealed unsafe class TextArray : IDisposable
    {
        private readonly int _count;

        public TextArray(IEnumerable<string> texts)
        {
            var all = texts.ToArray();
            _count = all.Length;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                var size = Encoding.UTF8.GetByteCount(all[i]);
                Pointer[i] = (byte*)NativeMemory.Alloc((nuint)size + 1);
                Encoding.UTF8.GetBytes(all[i], new Span<byte>(Pointer[i], size));
                Pointer[i][size] = 0;
            }
        }

        public byte** Pointer { get; }

        public byte* First => Pointer[0];

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
                NativeMemory.Free(Pointer[i]);
            NativeMemory.Free(Pointer);
        }
    }
}
