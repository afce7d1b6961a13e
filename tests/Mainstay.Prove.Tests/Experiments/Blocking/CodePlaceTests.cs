using Mainstay.Prove.Experiments.Blocking;

namespace Mainstay.Prove.Tests.Experiments.Blocking;

public sealed class CodePlaceTests
{
    [Fact]
    public void Code_of_the_application_is_named_with_its_place_below_the_directory() =>
        Assert.Equal("spin (lib/work.js:2)", Of(new("spin", "file:///srv/shop/lib/work.js", 2), new("GET /", "file:///srv/shop/app.js", 9)));

    [Fact]
    public void Of_the_runtime_only_what_it_was_asked_for_is_named() => Assert.Equal(
        "pbkdf2Sync, called by GET /report (app.js:6)",
        Of(new("from", "node:buffer", 296), new("pbkdf2Sync", "node:internal/crypto/pbkdf2", 78), new("GET /report", "file:///srv/shop/app.js", 6), new("emit", "node:events", 524)));

    [Fact]
    public void Of_a_library_it_is_told_who_called_it() => Assert.Equal(
        "hash (node_modules/slow/index.js:12), called by login (app.js:6)",
        Of(new("hash", "file:///srv/shop/node_modules/slow/index.js", 12), new("login", "file:///srv/shop/app.js", 6)));

    [Fact]
    public void What_lies_elsewhere_keeps_its_path_and_what_has_no_name_says_so() =>
        Assert.Equal("a function without a name (/opt/tool.js:1)", Of(new StackFrame("", "/opt/tool.js", 1)));

    [Fact]
    public void Nothing_but_the_runtime_blames_nobody()
    {
        Assert.Null(Of(new("emit", "node:events", 524), new("", "", 1)));
        Assert.Null(CodePlace.Of([], "/srv/shop"));
    }

    private static string? Of(params StackFrame[] stack) => CodePlace.Of([.. stack], "/srv/shop");
}
