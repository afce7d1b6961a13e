using System.Runtime.InteropServices;
using Mainstay.Cli.Keeping;

namespace Mainstay.Cli.Tests.Keeping;

/// <summary>As a core sees what its keeper holds: what was taken is not there a second time, and what is held is for the core that follows.</summary>
internal sealed partial class FakeDescriptors : IDescriptors
{
    private readonly List<(string Key, int Number)> _there = [];

    public List<string> Said { get; } = [];

    public IReadOnlyList<string> Keys => [.. _there.Select(held => held.Key)];

    /// <summary>A copy of it, as it would have come from the keeper.</summary>
    public void Tell(string key, SafeHandle descriptor)
    {
        var number = Duplicate((int)descriptor.DangerousGetHandle());
        Assert.True(number >= 0);
        _there.Add((key, number));
    }

    public int? Take(string key)
    {
        var index = _there.FindIndex(held => held.Key == key);
        if (index < 0)
            return null;
        var number = _there[index].Number;
        _there.RemoveAt(index);
        return number;
    }

    public void Hold(string key, SafeHandle descriptor)
    {
        Assert.False(descriptor.IsClosed);
        Said.Add($"hold {key}");
    }

    public void Release(string key) => Said.Add($"release {key}");

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
