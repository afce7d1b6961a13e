using Mainstay.Edge.Listening;

namespace Mainstay.Edge.Tests.Listening;

public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 384)]
    [InlineData("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [InlineData("Max open files            64                   64                   files     ", 1)]
    [InlineData("Max cpu time              unlimited            unlimited            seconds   ", int.MaxValue)]
    public void Every_connection_takes_two_descriptors_and_some_are_kept_back(string line, int connections)
    {
        var file = Path.Combine(Path.GetTempPath(), $"limits-{Guid.NewGuid():N}");
        File.WriteAllLines(file, ["Limit                     Soft Limit           Hard Limit           Units     ", line]);
        try
        {
            Assert.Equal(connections, DescriptorLimit.Connections(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Where_nothing_is_known_nothing_is_limited() => Assert.Equal(int.MaxValue, DescriptorLimit.Connections("/nowhere/limits"));
}
