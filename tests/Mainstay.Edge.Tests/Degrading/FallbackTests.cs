using Mainstay.Edge.Degrading;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests.Degrading;

public sealed class FallbackTests
{
    private readonly EdgeEvents _events = new(TimeProvider.System, NullLogger.Instance);

    [Fact]
    public void A_file_that_cannot_be_kept_leaves_the_status_alone_and_is_told()
    {
        foreach (var file in new[] { "/nowhere/sorry.json", "/dev/zero", "/tmp" })
        {
            var fallback = Fallback.Read(Specs.Route() with { Fallback = new FallbackSpec(503, file, "application/json") }, _events);
            Assert.Equal(new Fallback(503, null, null), fallback);
        }
        Assert.Equal(3, _events.Latest.Count);
        Assert.All(_events.Latest, told => Assert.Contains("only its status 503 is answered", told.What, StringComparison.Ordinal));
    }
}
