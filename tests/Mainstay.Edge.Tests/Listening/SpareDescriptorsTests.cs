using Mainstay.Edge.Listening;

namespace Mainstay.Edge.Tests.Listening;

public sealed class SpareDescriptorsTests
{
    [Fact]
    public void They_are_held_let_go_and_held_again()
    {
        using var spares = new SpareDescriptors();
        Assert.Equal(SpareDescriptors.Count, spares.Held);
        spares.Release();
        spares.Release();
        Assert.Equal(0, spares.Held);
        Assert.True(spares.TryHold());
        Assert.Equal(SpareDescriptors.Count, spares.Held);
        spares.Dispose();
        Assert.Equal(0, spares.Held);
        Assert.True(spares.TryHold());
        Assert.Equal(0, spares.Held);
    }
}
