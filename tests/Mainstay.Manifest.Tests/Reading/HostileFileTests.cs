using System.Text;

namespace Mainstay.Manifest.Tests.Reading;

public sealed class HostileFileTests : IDisposable
{
    private readonly TestManifest _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_missing_file_is_one_line() =>
        Assert.Equal("nothing.yaml: there is no such file; `mainstay init` writes a first manifest", Say(Path.Combine(_place.Folder, "nothing.yaml")));

    [Fact]
    public void A_folder_without_a_manifest_is_one_line()
    {
        File.Delete(_place.File);
        Assert.Equal("mainstay.yaml: there is no such file; `mainstay init` writes a first manifest", Say(_place.Folder));
    }

    [Fact]
    public void A_folder_with_the_other_ending_says_so()
    {
        File.Move(_place.File, Path.Combine(_place.Folder, "mainstay.yml"));
        Assert.Equal("mainstay.yaml: there is no such file, but there is mainstay.yml; rename it to mainstay.yaml", Say(_place.Folder));
    }

    [Fact]
    public void A_folder_named_like_a_manifest_is_one_line()
    {
        File.Delete(_place.File);
        Directory.CreateDirectory(_place.File);
        Assert.Equal("mainstay.yaml: is a folder; name a manifest or the folder that holds mainstay.yaml", Say(_place.Folder));
    }

    [Fact]
    public void An_empty_file_and_a_device_are_one_line()
    {
        const string message = "is empty; a manifest needs at least `services: { web: node server.js }`";
        Assert.Equal($"mainstay.yaml: {message}", Write([]));
        if (File.Exists("/dev/zero"))
            Assert.Equal($"zero: {message}", Say("/dev/zero"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_one_line(string path) =>
        Assert.Equal("manifest: is not a path; name a manifest or the folder that holds it", Say(path));

    [Fact]
    public void Ten_megabytes_are_refused_unread() =>
        Assert.Equal("mainstay.yaml: is larger than 1 MiB; that is no manifest", Write(new byte[10 << 20]));

    [Fact]
    public void A_link_that_leads_to_itself_is_one_line()
    {
        var link = Path.Combine(_place.Folder, "loop.yaml");
        File.CreateSymbolicLink(link, link);
        Assert.StartsWith("loop.yaml: cannot be read: ", Say(link), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Say(link));
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm() =>
        Assert.Equal("", Write([0xEF, 0xBB, 0xBF, .. "services: { web: node x }"u8]));

    [Fact]
    public void Windows_line_ends_do_no_harm() =>
        Assert.Equal("", Write("services:\r\n  web:\r\n    command: node x\r\n    replicas: 2\r\n"u8));

    [Fact]
    public void Sixteen_bit_text_is_named() =>
        Assert.Equal("mainstay.yaml: is written in UTF-16 or UTF-32; save it as UTF-8", Write([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("services: {}")]));

    [Fact]
    public void Sixteen_bit_text_without_a_mark_is_named() =>
        Assert.Equal("mainstay.yaml: is written in UTF-16 or UTF-32; save it as UTF-8", Write(Encoding.BigEndianUnicode.GetBytes("services: {}")));

    [Fact]
    public void A_wrong_byte_is_found() =>
        Assert.Equal("mainstay.yaml:2:6: is not valid UTF-8; save it as UTF-8", Write([.. "services:\n  a: "u8, 0xE9, .. " x\n"u8]));

    [Fact]
    public void A_control_character_is_found() =>
        Assert.Equal("mainstay.yaml:2:9: the control character U+0000 is not allowed here; remove it", Write("services:\n  web: n\0\n"u8));

    [Fact]
    public void An_alias_bomb_is_refused_at_once()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal("mainstay.yaml:5:5: stands for more than 20000 values; use fewer aliases", Write(Encoding.UTF8.GetBytes(bomb.ToString())));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    [InlineData('?')]
    [InlineData('&')]
    [InlineData('*')]
    [InlineData('!')]
    [InlineData('|')]
    [InlineData(':')]
    [InlineData('"')]
    [InlineData('#')]
    [InlineData('a')]
    public void A_megabyte_of_one_character_is_one_line(char c)
    {
        var said = Write(Encoding.UTF8.GetBytes(new string(c, 1 << 19)));
        Assert.NotEmpty(said);
        Assert.DoesNotContain('\n', said);
        Assert.InRange(said.Length, 1, 500);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_short()
    {
        var text = string.Concat(Enumerable.Range(0, 15_000).Select(i => $"key{i}: 1\n"));
        var lines = Write(Encoding.UTF8.GetBytes(text)).Split('\n');
        Assert.Equal(101, lines.Length);
        Assert.Contains("more findings are not shown; mend these first", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_cannot_command_the_terminal()
    {
        var said = Write("services: { web: { command: node x, protocol: \"\\e[31mred\\n\" } }"u8);
        Assert.Equal("mainstay.yaml:1:47: services.web.protocol: `\\u001b[31mred\\n` is not known; write http or h2c", said);
    }

    [Fact]
    public void No_cut_or_change_of_a_manifest_makes_it_throw()
    {
        var text = "services: &a\n  web: { command: [sh, -c, \"x {port}\"], needs: { d: required } }\n  b: &b { command: 'y $${A}', port: none }\n  c: { <<: *b, replicas: ${N:-2} }\n"
            + "dependencies: { d: { url: redis://h } }\nroutes:\n  - path: /a/**\n    service: web\n    headers: { request: { X: null } }\n    exercise: GET /a -> 200\n";
        Assert.Equal("", Write(Encoding.UTF8.GetBytes(text.Replace("${N:-2}", "\"${N:-2}\"", StringComparison.Ordinal))));
        var chance = new Random(20261122);
        var letters = "{}[]:,-?&*!|>'\"%@`#$~<\\ \n\tax1\0\u00e9";
        for (var round = 0; round < 3000; round++)
        {
            var bytes = new StringBuilder(round % 5 == 0 ? text[..chance.Next(text.Length)] : text);
            for (var change = chance.Next(4); change >= 0 && bytes.Length > 0; change--)
                bytes[chance.Next(bytes.Length)] = letters[chance.Next(letters.Length)];
            var result = ManifestReader.ReadText(bytes.ToString(), _place.File, _ => null);
            Assert.Equal(result.Findings.Any(finding => finding.Severity == Severity.Error), result.Manifest is null);
            Assert.All(result.Findings, finding => Assert.DoesNotContain('\n', finding.ToString()));
        }
    }

    private string Write(ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_place.File, bytes);
        return Say(_place.File);
    }

    private static string Say(string path) => TestManifest.Lines(ManifestReader.Read(path, _ => null));
}
