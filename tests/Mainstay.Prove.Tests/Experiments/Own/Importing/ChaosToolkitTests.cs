using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Own.Importing;

namespace Mainstay.Prove.Tests.Experiments.Own.Importing;

public sealed class ChaosToolkitTests
{
    private const string Whole = """
        {
          "version": "1.0.0",
          "title": "orders survive ${what}",
          "configuration": { "host": "shop.example", "what": { "type": "env", "key": "WHAT", "default": "a crash" } },
          "controls": [],
          "steady-state-hypothesis": {
            "title": "orders are there",
            "probes": [
              { "type": "probe", "name": "order-is-there", "tolerance": 200,
                "provider": { "type": "http", "timeout": 3, "url": "https://${host}:8443/orders/1?full=1", "headers": { "X-A": "b" } } }
            ]
          },
          "method": [
            { "type": "action", "name": "freeze", "provider": { "type": "process", "path": "pkill", "arguments": "-STOP -f server.js" }, "pauses": { "after": 4 } },
            { "type": "action", "name": "thaw", "provider": { "type": "process", "path": "pkill", "arguments": ["-CONT", "-f", "server.js"] } },
            { "type": "action", "name": "stop-payments", "provider": { "type": "process", "path": "docker", "arguments": "stop shop_payments" }, "pauses": { "before": 2 } },
            { "type": "action", "name": "wait", "provider": { "type": "process", "path": "sleep", "arguments": "20" } },
            { "type": "action", "name": "kill-web", "provider": { "type": "process", "path": "/usr/bin/killall", "arguments": "-9 web" } },
            { "type": "probe", "name": "free-memory", "provider": { "type": "process", "path": "free" } }
          ],
          "rollbacks": [ { "type": "action", "name": "start-payments", "provider": { "type": "process", "path": "docker", "arguments": "start shop_payments" } } ]
        }
        """;

    [Fact]
    public void Probes_become_requests_actions_faults_and_pauses_times()
    {
        var imported = Read(Whole);
        Assert.Empty(imported.Findings);
        Assert.Equal("orders-survive-a-crash", imported.Name);
        Assert.Equal("""
            # Made of the Chaos Toolkit's experiment.json.
            title: "orders survive a crash"
            load:
              duration: 27s
              requests:
                - { method: "GET", path: "/orders/1?full=1", headers: { "X-A": "b" }, expect: 200 }
            fault:
              - { kind: freeze, service: web, replicas: all, for: 4s }
              - { kind: refuse, dependency: payments, after: 6s }
              - { kind: kill, service: web, replicas: all, after: 26s }
            invariants:
              - recovered_within: 10s

            """, imported.Text);
        Assert.Contains(imported.Mapped, line => line == "action kill-web: kind: kill, service: web, replicas: all");
        Assert.Equal(4, imported.LeftOut.Length);
        Assert.Contains(imported.LeftOut, line => line.StartsWith("rollback start-payments", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_made_is_read_as_one_of_your_own() =>
        Assert.Equal(3, OwnFiles.One(Read(Whole).Text!).Spec.Faults.Length);

    [Fact]
    public void Yaml_without_a_fault_asks_for_no_failures() => Assert.Contains("- no_failures", Read("""
        title: only looks
        steady-state-hypothesis:
          probes:
            - { type: probe, name: home, tolerance: [200, 204], provider: { type: http, url: "http://localhost:8080/" } }
        method: []
        """).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ type: python, module: chaosk8s.pod.actions, func: terminate_pods }", "the action 'it' is Python (chaosk8s.pod.actions.terminate_pods), which is not run here; write the fault yourself, such as fault: { kind: kill")]
    [InlineData("{ type: python, module: chaostoxi.toxic.actions, func: create_latency_toxic }", "kind: latency, dependency: NAME")]
    [InlineData("{ type: process, path: kill, arguments: -9 4711 }", "signals process 4711, and nobody knows what that was")]
    [InlineData("{ type: process, path: pkill, arguments: java }", "signals 'java', which is no service of the manifest (web)")]
    [InlineData("{ type: process, path: docker, arguments: stop other }", "is about 'other', which is no service or dependency")]
    [InlineData("{ type: process, path: tc, arguments: qdisc add }", "runs tc, which is not done here; write the fault yourself, such as fault: { kind: latency")]
    [InlineData("{ type: http, url: \"http://127.0.0.1/chaos\" }", "another kind than process")]
    [InlineData("{ type: process, path: \"${tool}\" }", "`${tool}` is not known from here")]
    public void An_action_without_a_counterpart_is_refused_with_what_to_write(string provider, string said) =>
        Refused($"method: [{{ type: action, name: it, provider: {provider} }}]", said);

    [Theory]
    [InlineData("200, provider: { type: http, url: \"http://localhost/nothing\" }", "GET /nothing, which no route")]
    [InlineData("{ type: regex, pattern: ok }, provider: { type: http, url: \"http://localhost/\" }", "not the status of an answer")]
    [InlineData("true, provider: { type: python, module: chaosaws.probes, func: healthy }", "the probe 'it' is of the kind python, which is not asked here")]
    public void A_hypothesis_that_cannot_be_asked_is_refused(string probe, string said) =>
        Refused($"steady-state-hypothesis: {{ probes: [{{ type: probe, name: it, tolerance: {probe} }}] }}", said);

    [Theory]
    [InlineData("services: { web: node server.js }", "this is no Chaos Toolkit experiment")]
    [InlineData("", "is empty")]
    [InlineData("{ \"method\": [", "is not valid YAML")]
    public void Another_file_is_no_experiment(string text, string said) => Refused(text, said);

    private static void Refused(string text, string said)
    {
        var imported = Read(text);
        Assert.Null(imported.Text);
        Assert.Contains(said, string.Join('\n', imported.Findings), StringComparison.Ordinal);
    }

    private static Imported Read(string text)
    {
        var folder = Directory.CreateTempSubdirectory("ms-import-").FullName;
        try
        {
            var file = Path.Combine(folder, "experiment.json");
            File.WriteAllText(file, text);
            return ChaosToolkit.Read(file, Specs.Read(OwnFiles.Shop), [.. Catalogue.All.Select(experiment => experiment.Name)], _ => null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
