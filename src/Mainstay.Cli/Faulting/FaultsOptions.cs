using System.CommandLine;
using System.Globalization;
using System.Net;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Toxiproxy;

namespace Mainstay.Cli.Faulting;

/// <summary>The options of <c>mainstay faults</c>, except the faults themselves.</summary>
internal sealed class FaultsOptions
{
    private static readonly TimeSpan LeastLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromDays(7);

    private readonly Option<string?> _upstream = new("--upstream") { Description = "What the proxy leads to", HelpName = "HOST:PORT" };
    private readonly Option<string?> _listen = new("--listen") { Description = "Where it listens, on loopback (default: a free port)", HelpName = "PORT" };
    private readonly Option<string?> _for = new("--for") { Description = "End by itself after this time (default: when interrupted)", HelpName = "DURATION" };
    private readonly Option<string?> _seed = new("--seed") { Description = "Of all chance (default 1)", HelpName = "N" };
    private readonly Option<bool> _remote = new("--allow-remote") { Description = "The upstream may be another machine" };
    private readonly Option<string?> _api = new("--api")
    {
        Description = "Be driven by Toxiproxy's HTTP API instead, on loopback (default port 8474)",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _lease = new("--lease") { Description = "With --api: drop all faults when nobody has asked for this long (default 10m)", HelpName = "DURATION" };
    private readonly KindOptions _kinds = new();

    public IEnumerable<Option> All => [_upstream, _listen, .. _kinds.All, _for, _seed, _remote, _api, _lease];

    /// <exception cref="CommandFailure">Something of it is wrong; the message says what, in one line.</exception>
    public FaultsRequest Read(ParseResult parsed)
    {
        var seed = Seeds.Of(parsed.GetValue(_seed));
        var limit = TimeOf("--for", parsed.GetValue(_for), TimeSpan.FromMilliseconds(1));
        var remote = parsed.GetValue(_remote);
        var faults = _kinds.Read(parsed);
        if (parsed.GetResult(_api) is not null)
        {
            if (parsed.GetValue(_upstream) is not null || parsed.GetValue(_listen) is not null || !faults.IsEmpty)
                throw CommandFailure.Usage("--api takes no --upstream, no --listen and no faults: its clients say what to do");
            var lease = TimeOf("--lease", parsed.GetValue(_lease), LeastLease) ?? ApiOptions.DefaultLease;
            return new(null, [], new(PortOf("--api", parsed.GetValue(_api)) ?? ApiOptions.DefaultPort, seed, remote, lease), limit);
        }
        if (parsed.GetValue(_lease) is not null)
            throw CommandFailure.Usage("--lease goes with --api");
        var upstream = parsed.GetValue(_upstream)
            ?? throw CommandFailure.Usage("say what to break: --upstream HOST:PORT, such as --upstream 127.0.0.1:5432; or --api");
        var target = Addresses.Parse(upstream) ?? throw CommandFailure.Usage($"--upstream '{upstream}' is not HOST:PORT, such as 127.0.0.1:5432");
        var spec = new FaultProxySpec(new(IPAddress.Loopback, PortOf("--listen", parsed.GetValue(_listen)) ?? 0), target, seed, remote);
        if (!remote && spec.Problem is not null)
            throw CommandFailure.Usage($"{upstream} is not on this machine; if it may be broken, add --allow-remote");
        return new(spec, faults, null, limit);
    }

    internal static TimeSpan? TimeOf(string option, string? text, TimeSpan least) => text is null ? null
        : Durations.Parse(text) is { } time && time >= least && time <= MostTime ? time
        : throw CommandFailure.Usage($"{option} '{text}' is not a duration such as 100ms, 30s or 10m");

    private static int? PortOf(string option, string? text) => text is null ? null
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : throw CommandFailure.Usage($"{option} '{text}' is not a port from 0 to 65535");
}
