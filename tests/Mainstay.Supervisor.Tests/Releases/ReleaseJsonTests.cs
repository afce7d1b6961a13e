using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Releases;

/// <summary>Releases outlive the Mainstay that wrote them: what an earlier one left must be read, and must count as unchanged.</summary>
public sealed class ReleaseJsonTests : IDisposable
{
    /// <summary>As the serializer of the library wrote it by reflection, with enums as numbers and members that are computed.</summary>
    private const string EarlierRelease = """
        {
          "Number": 1,
          "Created": "2026-05-06T07:08:09.123+00:00",
          "Spec": {
            "Name": "web",
            "Command": [
              "node",
              "s\u00E9r\u0022ver.js",
              "{port}"
            ],
            "Directory": "/srv/shop",
            "Port": {
              "Kind": 1,
              "Number": 3000
            },
            "Replicas": 2,
            "Protocol": 1,
            "Environment": {
              "A": "",
              "B": "\u003C2\u003E \u0026 \u0027\u00E9\u0027",
              "a": "1"
            },
            "EnvironmentFile": null,
            "Inherit": {
              "Kind": 2,
              "Names": [
                "HOME"
              ]
            },
            "Health": {
              "Ready": "/readyz",
              "Live": "/livez",
              "Interval": "00:00:02",
              "Timeout": "00:00:01.5000000",
              "Failures": 3,
              "Start": "00:05:00"
            },
            "Stop": {
              "Signal": "SIGTERM",
              "Drain": "00:00:20",
              "Grace": "1.12:00:00"
            },
            "Memory": 536870912,
            "Deploy": {
              "Build": [
                "make"
              ],
              "Artifact": "/srv/shop/out",
              "Before": [],
              "ReadyFor": "00:00:03",
              "Overlap": true
            },
            "Needs": [
              {
                "Dependency": "database",
                "Optional": false
              },
              {
                "Dependency": "mail",
                "Optional": true
              }
            ],
            "Urls": [],
            "IsExternal": false,
            "HasPort": true
          },
          "Dependencies": [
            {
              "Name": "database",
              "Url": "postgres://x?a=1\u0026b=2",
              "Variable": "DATABASE_URL",
              "Prove": null
            },
            {
              "Name": "mail",
              "Url": "smtp://y",
              "Variable": null,
              "Prove": "smtp://z"
            }
          ],
          "Fingerprint": "c893d120ab7c8ef21e3d061574d2f4f3df01908380d5702465629f3ef096e307",
          "ArtifactFingerprint": "aa11",
          "Snapshot": "/elsewhere/.mainstay/releases/web/1/files"
        }
        """;

    private const string EarlierLedger = """
        {
          "Current": 1,
          "Last": 1,
          "Declared": "declared",
          "Served": [
            1
          ]
        }
        """;

    private readonly string _state = Directory.CreateTempSubdirectory("mainstay-test-").FullName;
    private readonly ReleaseStore _store;

    public ReleaseJsonTests() => _store = new ReleaseStore(_state, "web");

    private string Record => Path.Combine(_state, "releases/web/1/release.json");

    public void Dispose() => Snapshot.Remove(_state);

    [Fact]
    public void What_an_earlier_Mainstay_wrote_is_read()
    {
        Leave(EarlierRelease);

        var release = _store.Find(1)!;

        Assert.Equal((1, new DateTimeOffset(2026, 5, 6, 7, 8, 9, 123, TimeSpan.Zero)), (release.Number, release.Created));
        Assert.Equal(Path.Combine(_state, "releases/web/1/files"), release.Snapshot);
        Assert.Equal("aa11", release.ArtifactFingerprint);
        var spec = release.Spec;
        Assert.Equal(["node", "sér\"ver.js", "{port}"], spec.Command);
        Assert.Equal((new PortSpec(PortKind.Fixed, 3000), UpstreamProtocol.H2c, InheritKind.Listed), (spec.Port, spec.Protocol, spec.Inherit.Kind));
        Assert.Equal([new("A", ""), new("B", "<2> & 'é'"), new("a", "1")], spec.Environment);
        Assert.Equal(new HealthSpec("/readyz", "/livez", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1.5), 3, TimeSpan.FromMinutes(5)), spec.Health);
        Assert.Equal(new StopSpec("SIGTERM", TimeSpan.FromSeconds(20), TimeSpan.FromHours(36)), spec.Stop);
        Assert.Equal((536870912, "/srv/shop/out", true), (spec.Memory, spec.Deploy.Artifact, spec.Deploy.Overlap));
        Assert.Equal([new("database", false), new("mail", true)], spec.Needs);
        Assert.Equal([new("database", "postgres://x?a=1&b=2", "DATABASE_URL", null), new("mail", "smtp://y", null, "smtp://z")], release.Dependencies);
        Assert.Equal((1, 1, "declared"), (_store.Ledger().Current, _store.Ledger().Last, _store.Ledger().Declared));
        Assert.Equal([1], _store.Ledger().Served);
    }

    /// <summary>Otherwise every service would roll at the first start after an update, with nothing changed.</summary>
    [Fact]
    public void The_fingerprint_is_the_one_that_an_earlier_Mainstay_wrote()
    {
        Leave(EarlierRelease);
        var release = _store.Find(1)!;

        Assert.Equal("c893d120ab7c8ef21e3d061574d2f4f3df01908380d5702465629f3ef096e307", SpecFingerprint.Of(release.Spec, release.Dependencies));
        Assert.Equal(release.Fingerprint, SpecFingerprint.Of(release.Spec, release.Dependencies));
        Assert.Equal("2b28cd30bc2feb3f5d54f1b9f09c773cf656f8f43667650d8f6f682c6db12afe", SpecFingerprint.Of(Specs.Service("serve {port}") with { Directory = "/srv/shop" }, []));
    }

    [Fact]
    public void What_is_read_is_written_in_the_same_way_but_for_names_of_choices()
    {
        Leave(EarlierRelease);
        var release = _store.Find(1)!;
        var expected = JsonNode.Parse(EarlierRelease)!;
        var spec = expected["Spec"]!.AsObject();
        spec.Remove("IsExternal");
        spec.Remove("HasPort");
        (spec["Port"]!["Kind"], spec["Protocol"], spec["Inherit"]!["Kind"]) = ("Fixed", "H2c", "Listed");
        expected["Number"] = 2;
        expected["Snapshot"] = null;

        _store.Add(release, null, default);

        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(File.ReadAllText(Path.Combine(_state, "releases/web/2/release.json")))!.ToJsonString());
    }

    [Theory]
    [InlineData("\"Command\"")]
    [InlineData("\"Spec\"")]
    [InlineData("\"Dependencies\"")]
    [InlineData("\"Fingerprint\"")]
    [InlineData("\"Created\"")]
    public void A_release_that_lacks_what_it_must_have_counts_as_damaged(string member)
    {
        Leave(EarlierRelease.Replace(member, "\"Other\"", StringComparison.Ordinal));
        Assert.Null(_store.Find(1));
    }

    [Fact]
    public void A_list_that_was_never_set_is_kept_as_an_empty_one()
    {
        _store.Add(new Release(0, DateTimeOffset.UnixEpoch, Specs.Service("x") with { Needs = default }, default, "fp", null, null), null, default);
        var release = _store.Find(1)!;
        Assert.Equal((ImmutableArray<NeedSpec>.Empty, ImmutableArray<DependencySpec>.Empty), (release.Spec.Needs, release.Dependencies));
    }

    private void Leave(string record)
    {
        Directory.CreateDirectory(Path.Combine(_state, "releases/web/1/files"));
        File.WriteAllText(Record, record);
        File.WriteAllText(Path.Combine(_state, "releases/web/releases.json"), EarlierLedger);
    }
}
