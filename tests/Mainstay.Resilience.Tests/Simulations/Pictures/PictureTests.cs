using System.Text;
using System.Xml.Linq;

namespace Mainstay.Resilience.Tests.Simulations.Pictures;

/// <summary>The pictures of the documentation. <c>bench/simulations/run</c> names a folder, and they are written there.</summary>
public sealed class PictureTests(ITestOutputHelper output)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("MAINSTAY_PICTURES");

    public static TheoryData<string> Names => [.. Stories.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_bytes_every_time_and_not_many(string name)
    {
        var (svg, figures) = Stories.All[name]();
        var bytes = Encoding.UTF8.GetBytes(svg);
        output.WriteLine($"{bytes.Length / 1000.0:0.0} kB; {figures}");
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(Stories.All[name]().Svg));
        Assert.InRange(bytes.Length, 2000, 30_000);
        Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
        if (Folder is not null)
            File.WriteAllBytes(Path.Combine(Folder, name + ".svg"), bytes);
    }
}
