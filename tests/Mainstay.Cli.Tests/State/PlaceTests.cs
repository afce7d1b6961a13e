using Mainstay.Cli.State;

namespace Mainstay.Cli.Tests.State;

public sealed class PlaceTests
{
    [Fact]
    public void A_folder_holds_its_manifest()
    {
        var place = Place.Of("/tmp/");
        Assert.Equal("/tmp", place.Directory);
        Assert.Equal("/tmp/mainstay.yaml", place.Manifest);
        Assert.Equal("/tmp/.mainstay", place.StateDirectory);
    }

    [Fact]
    public void A_file_is_the_manifest_and_its_folder_the_place()
    {
        var place = Place.Of("/tmp/does-not-exist.yaml");
        Assert.Equal("/tmp", place.Directory);
        Assert.Equal("/tmp/does-not-exist.yaml", place.Manifest);
    }

    [Fact]
    public void Nothing_means_the_current_folder() => Assert.Equal(Directory.GetCurrentDirectory(), Place.Of(null).Directory);
}
