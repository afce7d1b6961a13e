using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Tests.Experiments.Labs;

public sealed class LabManifestTests
{
    private const string Shop = """
        name: shop
        edge: { listen: "http://0.0.0.0:80", lame_duck: 2s }
        services:
          web: { command: node server.js, replicas: 2, needs: { store: optional } }
          old: { command: "old --port {port}", port: 3000 }
          stubborn: { command: stubborn, port: 3001 }
        dependencies:
          store: { url: "http://127.0.0.1:9000", variable: STORE_URL }
        routes:
          - { path: /, service: web, timeout: 3s }
          - { path: /old/**, service: old }
        """;

    [Fact]
    public void All_but_places_and_ports_is_as_written()
    {
        var written = Specs.Read(Shop);
        var inLab = Of(written);
        Assert.Equal("/lab", inLab.Directory);
        Assert.Equal("http://127.0.0.1:0", Assert.Single(inLab.Edge.Listen).Url);
        Assert.Equal(written.Edge.LameDuck, inLab.Edge.LameDuck);
        Assert.Equal(written.Services[0], inLab.Services[0]);
        Assert.Equal(written.Routes, inLab.Routes);
        Assert.Equal("http://127.0.0.1:41000", inLab.Dependencies[0].Url);
    }

    [Fact]
    public void A_fixed_port_is_exchanged_where_the_command_takes_one_or_where_it_is_in_use()
    {
        var written = Specs.Read(Shop);
        Assert.Equal(PortKind.Auto, Of(written).Services[1].Port.Kind);
        Assert.Equal(new PortSpec(PortKind.Fixed, 3001), Of(written).Services[2].Port);
        Assert.Equal(PortKind.Auto, Of(written, isFree: false).Services[2].Port.Kind);
    }

    [Fact]
    public void A_crashing_service_keeps_its_command_behind_the_shell()
    {
        var crashing = LabManifest.Crashing(Specs.Read(Shop).Services[1], "/lab/crashing");
        Assert.Equal(["/bin/sh", "-c"], crashing.Command[..2]);
        Assert.Equal(["/lab/crashing", "old", "--port", "{port}"], crashing.Command[3..]);
    }

    private static ManifestSpec Of(ManifestSpec written, bool isFree = true) => LabManifest.Of(
        written, "/lab", "/lab/mainstay.kept.json", new Dictionary<string, string> { ["store"] = "http://127.0.0.1:41000" }, _ => isFree);
}
