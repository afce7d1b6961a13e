using Mainstay.Cli.Installing;

namespace Mainstay.Cli.Tests.Installing;

public sealed class SystemdUnitTests
{
    private const string Plain = "name: shop\nservices:\n  web: node server.js\n";

    [Fact]
    public void The_usual_unit()
    {
        var lines = CannedUnit.Lines(Plain);
        Assert.Equal("# Mainstay unit for /srv/shop/mainstay.yaml", lines[0]);
        Assert.All(
            [
                "Description=Mainstay: shop", "Type=notify", "NotifyAccess=main", "ExecStart=/usr/bin/mainstay up /srv/shop/mainstay.yaml",
                "ExecReload=/usr/bin/mainstay deploy --manifest /srv/shop/mainstay.yaml", "WorkingDirectory=/srv/shop", "User=shop",
                "Environment=\"PATH=/usr/local/bin:/usr/bin\"", "EnvironmentFile=-/etc/mainstay/shop.env", "UMask=0077", "LimitNOFILE=65536",
                "Restart=always", "WatchdogSec=30s", "WatchdogSignal=SIGKILL", "KillMode=mixed", "KillSignal=SIGTERM", "OOMPolicy=continue", "CapabilityBoundingSet=",
                "ProtectSystem=strict", "ReadWritePaths=/srv/shop", "ReadWritePaths=-/var/lib/shop/.cache", "ProtectHome=yes", "PrivateTmp=yes",
                "NoNewPrivileges=yes", "SystemCallFilter=@system-service", "SystemCallErrorNumber=EPERM", "WantedBy=multi-user.target",
            ],
            line => Assert.Contains(line, lines));
        Assert.DoesNotContain(lines, line => line.StartsWith("AmbientCapabilities", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("MemoryDenyWriteExecute", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("# No MemoryDenyWriteExecute", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_set_twice_but_lists()
    {
        var names = CannedUnit.Lines(Plain).Where(line => line.Length > 0 && char.IsAsciiLetterUpper(line[0])).Select(line => line.Split('=')[0]);
        Assert.Equal(["ReadWritePaths"], names.GroupBy(name => name).Where(name => name.Count() > 1).Select(name => name.Key));
    }

    [Theory]
    [InlineData("http://0.0.0.0:80", true)]
    [InlineData("http://127.0.0.1:1023", true)]
    [InlineData("http://127.0.0.1:1024", false)]
    public void A_low_port_brings_one_capability_and_no_other(string listen, bool low)
    {
        var lines = CannedUnit.Lines($"edge: {{ listen: \"{listen}\" }}\n{Plain}");
        Assert.Contains(low ? "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" : "CapabilityBoundingSet=", lines);
        Assert.Equal(low, lines.Contains("AmbientCapabilities=CAP_NET_BIND_SERVICE"));
    }

    [Fact]
    public void Odd_folders_stay_what_they_are()
    {
        var lines = CannedUnit.Lines(Plain, "/srv/my 100% \"shop\"", program: new(["/opt/a b/mainstay"], [new("MAINSTAY_AS_BUILT", "1")], "/opt/a b/artifacts"));
        Assert.All(
            [
                "ExecStart=\"/opt/a b/mainstay\" up \"/srv/my 100%% \\\"shop\\\"/mainstay.yaml\"", "WorkingDirectory=/srv/my 100%% \"shop\"",
                "ReadWritePaths=\"/srv/my 100%% \\\"shop\\\"\"", "ReadWritePaths=\"-/opt/a b/artifacts\"", "Environment=\"MAINSTAY_AS_BUILT=1\"",
            ],
            line => Assert.Contains(line, lines));
    }

    [Theory]
    [InlineData("/home/anna/shop", "/home/anna", "ProtectHome=read-only")]
    [InlineData("/srv/shop", "/home/anna", "ProtectHome=read-only")]
    [InlineData("/root/shop", "/nonexistent", "ProtectHome=read-only")]
    [InlineData("/srv/shop", "/nonexistent", "ProtectHome=yes")]
    [InlineData("/homes/shop", "/", "ProtectHome=yes")]
    public void Homes_are_hidden_unless_something_needed_lies_there(string directory, string home, string line) =>
        Assert.Contains(line, CannedUnit.Lines(Plain, directory, new("anna", 1000, home)));

    [Fact]
    public void A_temporary_folder_that_is_needed_is_not_exchanged_for_an_empty_one() =>
        Assert.DoesNotContain("PrivateTmp=yes", CannedUnit.Lines(Plain, "/tmp/shop"));

    [Fact]
    public void A_service_outside_of_the_folder_may_write_to_its_own()
    {
        var spec = CannedUnit.Spec("services:\n  web: { command: node a.js, directory: sub }\n  jobs: { command: node b.js, directory: / , port: none }\nroutes:\n  - { path: /**, service: web }\n");
        Assert.Equal(["/srv/shop", "/"], spec.Folders);
    }

    [Fact]
    public void The_users_own_systemd_gets_only_what_works_there()
    {
        var lines = CannedUnit.Lines(Plain, "/home/anna/shop", new("anna", 1000, "/home/anna"), forUser: true);
        Assert.Contains("WantedBy=default.target", lines);
        Assert.Contains("NoNewPrivileges=yes", lines);
        Assert.DoesNotContain(lines, line => line.Split('=')[0] is "User" or "CapabilityBoundingSet" or "ProtectSystem" or "PrivateTmp" or "ReadWritePaths" or "After" or "Wants");
    }

    [Fact]
    public void Times_are_those_of_the_manifest_and_a_margin()
    {
        var lines = CannedUnit.Lines(
            """
            edge: { lame_duck: 5s }
            services:
              web: { command: node server.js, replicas: 2, health: { start: 60s }, stop: { drain: 40s, grace: 10s }, deploy: { build: npm ci, before: npm run migrate, ready_for: 2s } }
              jobs: { command: node jobs.js, port: none, stop: { grace: 90s } }
            """);
        // 5 s lame duck + 40 s drain + 90 s grace + 15 s
        Assert.Contains("TimeoutStopSec=150s", lines);
        // two commands of 10 min + 2 × (60 + 2 + 40 + 10) + (30 + 3 + 20 + 90) + 15 s
        Assert.Contains("TimeoutStartSec=1582s", lines);
    }

    [Fact]
    public void Many_connections_need_many_descriptors() =>
        Assert.Contains("LimitNOFILE=200000", CannedUnit.Lines("edge: { limits: { connections: 50000 } }\n" + Plain));

    [Theory]
    [InlineData("shop", "mainstay-shop.service")]
    [InlineData("My Shop@home/é", "mainstay-My-Shop-home--.service")]
    public void The_name_is_one_that_systemd_takes(string application, string unit) => Assert.Equal(unit, SystemdUnit.NameFor(application));

    [Fact]
    public void Our_own_units_are_known_by_their_first_line()
    {
        Assert.Equal("/srv/shop/mainstay.yaml", SystemdUnit.ManifestOf(SystemdUnit.Text(CannedUnit.Spec(Plain))));
        Assert.Null(SystemdUnit.ManifestOf("[Unit]\nDescription=Mainstay unit for /x\n"));
        Assert.Null(SystemdUnit.ManifestOf(""));
    }
}
