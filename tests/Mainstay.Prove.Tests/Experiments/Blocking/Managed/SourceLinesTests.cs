using Mainstay.Prove.Experiments.Blocking.Managed;

namespace Mainstay.Prove.Tests.Experiments.Blocking.Managed;

public sealed class SourceLinesTests : IDisposable
{
    private readonly SourceLines _lines = new();

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void A_method_of_this_assembly_is_found_in_its_file()
    {
        var method = typeof(SourceLinesTests).GetMethod(nameof(A_method_of_this_assembly_is_found_in_its_file))!;
        var found = _lines.Find(typeof(SourceLinesTests).Assembly.Location, method.MetadataToken, -1);
        Assert.EndsWith("SourceLinesTests.cs", found?.File, StringComparison.Ordinal);
        Assert.InRange(found!.Value.Line, 10, 20);
        Assert.True(_lines.Find(typeof(SourceLinesTests).Assembly.Location, method.MetadataToken, 1000)!.Value.Line > found.Value.Line);
    }

    [Fact]
    public void Where_there_are_no_symbols_nothing_is_found()
    {
        Assert.Null(_lines.Find(typeof(object).Assembly.Location, typeof(object).GetMethod("ToString")!.MetadataToken, 0));
        Assert.Null(_lines.Find("/nowhere/app.dll", 0x06000001, 0));
        Assert.Null(_lines.Find(typeof(SourceLinesTests).Assembly.Location, 0, 0));
    }
}
