using Mainstay.Prove.Faults.Toxiproxy;
using Mainstay.Prove.Tests.Faults.Proxy;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.Prove.Tests.Faults.Toxiproxy;

public sealed class ToxiproxyClientTests
{
    /// <summary>A client that others wrote, for the server that ours stands in for.</summary>
    private const string Package = "toxiproxy-node-client@4.1.0";

    [Fact]
    public async Task A_client_of_Toxiproxy_drives_it()
    {
        Assert.SkipUnless(Tool.Exists("npm") && Tool.Exists("node"), "needs npm and node");
        using var workspace = new Workspace();
        using (var install = RunningProgram.Start("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", workspace.Path, Package], workspace.Path))
        {
            var installed = await install.ExitAsync(TimeSpan.FromSeconds(90));
            Assert.SkipUnless(installed == 0, $"npm cannot install {Package} here");
        }
        await using var upstream = Upstream.Http();
        await using var api = ToxiproxyApi.Start(new(0, 1, AllowRemote: false, TimeSpan.FromMinutes(1), _ => { }, TimeProvider.System));
        workspace.Write("drive.js", $$"""
            const { Toxiproxy } = require('toxiproxy-node-client');
            const http = require('http');
            const ask = url => new Promise(resolve => {
              const start = Date.now();
              http.get(url, { agent: false }, answer => { answer.resume(); answer.on('end', () => resolve(`${answer.statusCode} ${Date.now() - start >= 295 ? 'late' : 'soon'}`)); })
                .on('error', error => resolve(error.code));
            });
            (async () => {
              const server = new Toxiproxy('http://{{api.Endpoint}}');
              const proxy = await server.createProxy({ name: 'app', listen: '127.0.0.1:0', upstream: '{{upstream.Endpoint}}' });
              const url = `http://${proxy.listen}/`;
              console.log('plain', await ask(url));
              const toxic = await proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 300, jitter: 0 } });
              console.log('latency', await ask(url));
              await toxic.remove();
              console.log('removed', await ask(url));
              await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
              console.log('down', await ask(url));
              await server.reset();
              console.log('reset', await ask(url));
              const all = await server.getAll();
              console.log('all', Object.keys(all.proxies || all).join());
              await proxy.remove();
              console.log('gone', await ask(url));
            })().catch(error => { console.log('failed', error.message); process.exit(1); });
            """);
        using var drive = RunningProgram.Start("node", ["drive.js"], workspace.Path);
        await drive.ExitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(
            ["plain 200 soon", "latency 200 late", "removed 200 soon", "down ECONNREFUSED", "reset 200 soon", "all app", "gone ECONNREFUSED"],
            drive.Output);
    }
}
