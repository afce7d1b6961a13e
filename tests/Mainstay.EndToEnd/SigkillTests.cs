using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Mainstay itself is killed: nothing is left behind, and the next start is clean.</summary>
public sealed class SigkillTests
{
    private static readonly TimeSpan AllGone = TimeSpan.FromSeconds(2);

    private const string NodeServer = "require('http').createServer((q, s) => s.end('node')).listen(process.env.PORT, '127.0.0.1')";

    [Fact]
    public async Task Nothing_outlives_a_killed_Mainstay() => await KillAsync($"[dotnet, \"{Counter.Dll}\"]", _ => { });

    [Fact]
    public async Task Nothing_below_a_shell_outlives_a_killed_Mainstay() =>
        await KillAsync($"[sh, -c, \"dotnet {Counter.Dll}; true\"]", _ => { });

    [Fact]
    public async Task Nothing_below_npx_outlives_a_killed_Mainstay()
    {
        if (!Tool.Exists("npx"))
            Assert.Skip("npx is not installed");
        await KillAsync("npx --yes --offline local-server", workspace =>
        {
            workspace.Write("node_modules/local-server/package.json", """{ "name": "local-server", "version": "1.0.0", "bin": "server.js" }""");
            workspace.Write("node_modules/local-server/server.js", "#!/usr/bin/env node\n" + NodeServer);
            workspace.Write("package.json", """{ "name": "test", "version": "1.0.0", "dependencies": { "local-server": "1.0.0" } }""");
            Directory.CreateDirectory(workspace["node_modules/.bin"]);
            File.CreateSymbolicLink(workspace["node_modules/.bin/local-server"], "../local-server/server.js");
            File.SetUnixFileMode(workspace["node_modules/local-server/server.js"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        });
    }

    private static async Task KillAsync(string command, Action<Workspace> prepare)
    {
        using var workspace = new Workspace();
        prepare(workspace);
        var manifest = $$"""
            name: killed
            edge: { listen: "http://127.0.0.1:{PORT}" }
            services:
              web:
                command: {{command}}
                replicas: 2
            """;
        var port = Ports.Free();
        for (var i = 0; i < Repeat.Times(ci: 2, full: 10); i++)
        {
            await using var run = await MainstayRun.StartAsync(workspace, manifest, port);
            Assert.Equal(200, (await HttpConnection.OnceAsync(port, new("GET", "/"))).Status);
            var tree = ProcessTree.Below(run.Program.Pid);
            Assert.True(tree.Count >= 2, $"Only {tree.Count} processes below Mainstay.");
            run.Program.Signal(Posix.SigKill);
            await Eventually.True(() => ProcessTree.Alive(tree).Count == 0, AllGone, "every process is gone",
                () => string.Join('\n', ProcessTree.Alive(tree)));
        }
    }
}
