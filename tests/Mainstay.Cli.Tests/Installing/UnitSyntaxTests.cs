using Mainstay.Cli.Installing;

namespace Mainstay.Cli.Tests.Installing;

public sealed class UnitSyntaxTests
{
    [Theory]
    [InlineData("/usr/bin/mainstay|up|/srv/shop/mainstay.yaml", "/usr/bin/mainstay up /srv/shop/mainstay.yaml")]
    [InlineData("/opt/my tools/mainstay|up|/srv/my shop/mainstay.yaml", "\"/opt/my tools/mainstay\" up \"/srv/my shop/mainstay.yaml\"")]
    [InlineData("/bin/m|/srv/100%/a", "/bin/m \"/srv/100%%/a\"")]
    [InlineData("/bin/m|/srv/\"q\"/it's", "/bin/m \"/srv/\\\"q\\\"/it's\"")]
    [InlineData("/bin/m|/srv/a\\x20b", "/bin/m \"/srv/a\\\\x20b\"")]
    [InlineData("/bin/m|/srv/ladén", "/bin/m \"/srv/ladén\"")]
    [InlineData("/bin/m|/srv/;|", "/bin/m \"/srv/;\" \"\"")]
    public void A_command_line_is_quoted_where_it_must_be(string words, string line) => Assert.Equal(line, UnitSyntax.CommandLine(words.Split('|')));

    [Fact]
    public void A_dollar_turns_variables_off_for_the_whole_line() =>
        Assert.Equal("\":/opt/$HOME/m\" up \"/srv/$x/${y}\"", UnitSyntax.CommandLine(["/opt/$HOME/m", "up", "/srv/$x/${y}"]));

    [Theory]
    [InlineData("/srv/shop", "/srv/shop")]
    [InlineData("-/srv/my shop", "\"-/srv/my shop\"")]
    [InlineData("/srv/100%", "\"/srv/100%%\"")]
    [InlineData("/srv/it's", "\"/srv/it's\"")]
    [InlineData("/srv/a\"b", "\"/srv/a\\\"b\"")]
    [InlineData("/srv/a\\b", "\"/srv/a\\\\b\"")]
    [InlineData("/srv/$x", "\"/srv/$x\"")]
    public void A_path_in_a_list_is_one_word(string path, string word) => Assert.Equal(word, UnitSyntax.Word(path));

    [Fact]
    public void An_assignment_is_quoted_as_a_whole() =>
        Assert.Equal("\"PATH=/a b:/c%%:/d\\\"e:/$f\"", UnitSyntax.Assignment("PATH", "/a b:/c%:/d\"e:/$f"));

    [Theory]
    [InlineData("/srv/shop", true)]
    [InlineData("/srv/my shop/ü", true)]
    [InlineData("/srv/shop\n[Service]", false)]
    [InlineData("/srv/shop\t", false)]
    [InlineData("/srv/shop ", false)]
    [InlineData("/srv/shop\\", false)]
    public void What_a_line_cannot_hold_is_known(string path, bool can) => Assert.Equal(can, UnitSyntax.CanBeWritten(path));

    [Theory]
    [InlineData("/opt/my tools/$x/mainstay", true)]
    [InlineData("/opt/it's/mainstay", false)]
    [InlineData("/opt/\"q\"/mainstay", false)]
    [InlineData("/opt/a\\b/mainstay", false)]
    public void What_systemd_starts_not_is_known(string program, bool can) => Assert.Equal(can, UnitSyntax.CanBeStarted(program));
}
