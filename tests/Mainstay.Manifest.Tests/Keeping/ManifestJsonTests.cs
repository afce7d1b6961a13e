using System.Net;
using System.Reflection;
using System.Text;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests.Keeping;

public sealed class ManifestJsonTests
{
    private static readonly ManifestSpec Small = TestManifest.Read("services: { web: { command: node x, environment: { A: b } } }").Manifest!;

    [Theory]
    [InlineData("hello.yaml")]
    [InlineData("hello-node.yaml")]
    public void A_sample_comes_back_as_it_was(string sample)
    {
        var result = TestManifest.Read(Resource(sample));
        Assert.Equal("", TestManifest.Lines(result));
        ComesBack(result.Manifest!);
    }

    [Fact]
    public void A_command_alone_comes_back_as_it_was() => ComesBack(ManifestReader.ForCommand(Path.GetTempPath(), ["node", "\"x\""], replicas: 2).Manifest!);

    [Fact]
    public void Whatever_a_manifest_holds_comes_back()
    {
        for (var seed = 0; seed < 300; seed++)
            ComesBack((ManifestSpec)new AnySpec(new Random(seed), full: false).Record(typeof(ManifestSpec)));
    }

    /// <summary>What the first version wrote must be read by every later one: a core may be younger than what was kept for it.</summary>
    [Fact]
    public void What_version_1_wrote_is_read()
    {
        var read = ManifestJson.Read(Encoding.UTF8.GetBytes(Resource("version-1.json")));

        Assert.Equal(("shop", "/srv/shop", "/srv/shop/mainstay.yaml"), (read.Name, read.Directory, read.File));
        Assert.Equal([new ListenSpec("http://[::1]:8080", IPAddress.IPv6Loopback, 8080)], read.Edge.Listen);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8")], read.Edge.TrustedProxies);
        var web = read.FindService("web")!;
        Assert.Equal((new PortSpec(PortKind.Fixed, 3000), UpstreamProtocol.H2c, 536870912L), (web.Port, web.Protocol, web.Memory));
        Assert.Equal(TimeSpan.FromDays(1.5), web.Stop.Grace);
        Assert.Equal([new NeedSpec("database", Optional: true)], web.Needs);
        Assert.Equal([new Uri("http://10.0.0.7:8080")], read.FindService("legacy")!.Urls);
        Assert.Equal("postgres://127.0.0.1/shop", Assert.Single(read.Dependencies).Url);
        var route = Assert.Single(read.Routes);
        Assert.Equal("a", route.RequestHeaders["x-tenant"]);
        Assert.Null(route.ResponseHeaders["x-powered-by"]);
        Assert.Equal((RoutePriority.Critical, new ConcurrencySpec(ConcurrencyMode.Fixed, 7)), (route.Priority, route.Concurrency));
        Assert.Equal((new RateLimitSpec(0.5, 3, RateLimitBy.Header, "X-Key"), new HedgeSpec(0.95, "p95")), (route.RateLimit, route.Hedge));
    }

    [Fact]
    public void Names_of_headers_ignore_case_and_those_of_variables_do_not()
    {
        var small = Small.Services[0].Environment.Add("a", "c");
        var read = ManifestJson.Read(ManifestJson.Write(Small with { Services = [Small.Services[0] with { Environment = small }] }));
        Assert.Equal(("b", "c"), (read.Services[0].Environment["A"], read.Services[0].Environment["a"]));
        Assert.Same(StringComparer.OrdinalIgnoreCase, read.Routes[0].RequestHeaders.KeyComparer);
    }

    [Fact]
    public void An_array_that_was_never_set_comes_back_empty()
    {
        var read = ManifestJson.Read(ManifestJson.Write(Small with { Dependencies = default }));
        Assert.False(read.Dependencies.IsDefault);
        Assert.Empty(read.Dependencies);
    }

    [Fact]
    public void What_a_later_version_added_is_skipped() => Same.Check(Small, ManifestJson.Read(Encoding.UTF8.GetBytes(
        Text(Small).Replace("{\"Name\":", "{\"New\":{\"a\":[1,null]},\"Name\":", StringComparison.Ordinal)[..^1] + ",\"Newer\":[{}]}")));

    [Theory]
    [InlineData("", "the manifest that was kept is no JSON: line 1, byte 1")]
    [InlineData("null", "the manifest that was kept is no object")]
    [InlineData("[]", "the manifest that was kept is no object")]
    [InlineData("{}", "the manifest that was kept has no Version")]
    [InlineData("{} {}", "the manifest that was kept is no JSON: line 1, byte 4")]
    [InlineData("{\"Version\":\"1\"}", "the manifest that was kept has a Version that is none")]
    [InlineData("{\"Version\":1.5}", "the manifest that was kept has a Version that is none")]
    [InlineData("{\"Version\":0}", "the manifest that was kept is of version 0, and this Mainstay reads up to 1")]
    [InlineData("{\"Version\":2,\"Manifest\":7}", "the manifest that was kept is of version 2, and this Mainstay reads up to 1")]
    [InlineData("{\"Version\":1}", "the manifest that was kept has no Manifest")]
    [InlineData("{\"Version\":1,\"Manifest\":null}", "the manifest that was kept has no Manifest")]
    [InlineData("{\"Version\":1,\"Manifest\":[]}", "the manifest that was kept, Manifest is no object")]
    [InlineData("{\"Version\":1,\"Manifest\":{}}", "the manifest that was kept, Manifest has no Name")]
    public void What_is_no_manifest_is_refused_in_one_line(string json, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(reason, refused.Message);
    }

    [Theory]
    [InlineData("\"Priority\":\"Normal\"", "\"Priority\":\"Urgent\"")]
    [InlineData("\"Priority\":\"Normal\"", "\"Priority\":\"Critical,Normal\"")]
    [InlineData("\"Priority\":\"Normal\"", "\"Priority\":\"1\"")]
    [InlineData("\"Priority\":\"Normal\"", "\"Priority\":3")]
    [InlineData("\"Environment\":{\"A\":\"b\"}", "\"Environment\":{\"A\":null}")]
    [InlineData("\"Environment\":{\"A\":\"b\"}", "\"Environment\":[]")]
    [InlineData("\"Command\":[\"node\",\"x\"]", "\"Command\":[\"node\",null]")]
    [InlineData("\"Command\":[\"node\",\"x\"]", "\"Command\":null")]
    [InlineData("\"Urls\":[]", "\"Urls\":[\"here\"]")]
    [InlineData("\"Urls\":[]", "\"Urls\":[7]")]
    [InlineData("\"Address\":\"127.0.0.1\"", "\"Address\":\"somewhere\"")]
    [InlineData("\"TrustedProxies\":[]", "\"TrustedProxies\":[\"10.0.0.0/99\"]")]
    [InlineData("\"LameDuck\":\"00:00:01\"", "\"LameDuck\":\"soon\"")]
    [InlineData("\"Replicas\":1", "\"Replicas\":4294967297")]
    [InlineData("\"Availability\":0.999", "\"Availability\":1e999")]
    [InlineData("\"Overlap\":true", "\"Overlap\":1")]
    public void A_value_that_the_model_does_not_have_is_refused(string right, string wrong)
    {
        var text = Text(Small);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var refused = Assert.Throws<FormatException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(text.Replace(right, wrong, StringComparison.Ordinal))));
        Assert.Matches($"^the manifest that was kept, Manifest.* has (no {wrong.Split('"')[1]}|a {wrong.Split('"')[1]} that is none)$", refused.Message);
    }

    [Fact]
    public void Damage_gives_a_whole_manifest_or_one_kind_of_exception()
    {
        var random = new Random(7);
        var whole = ManifestJson.Write((ManifestSpec)new AnySpec(random, full: true).Record(typeof(ManifestSpec)));
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var damaged = whole[..(random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var hits = random.Next(1, 4); hits > 0 && damaged.Length > 0; hits--)
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : whole[random.Next(whole.Length)];
            try
            {
                ComesBack(ManifestJson.Read(damaged));
            }
            catch (FormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 4999);
    }

    /// <summary>Written, read, and the same through and through.</summary>
    internal static void ComesBack(ManifestSpec manifest) => Same.Check(manifest, ManifestJson.Read(ManifestJson.Write(manifest)));

    private static string Text(ManifestSpec manifest) => Encoding.UTF8.GetString(ManifestJson.Write(manifest));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
