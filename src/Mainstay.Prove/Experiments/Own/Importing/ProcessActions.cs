using System.Globalization;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Own.Importing;

/// <summary>From a command that breaks something to the fault that it means here. Pure.</summary>
internal sealed class ProcessActions(ManifestSpec manifest)
{
    private static readonly string[] Containers = ["docker", "podman", "systemctl", "service"];
    private static readonly string[] Signallers = ["pkill", "killall", "kill"];

    /// <summary>What ends a fault that lasts, or nothing but a pause; then <c>Fault</c> is null.</summary>
    /// <param name="Problem">Why it cannot be told, and what to write instead; null: it can.</param>
    internal sealed record Meaning(FaultDraft? Fault = null, string? Ends = null, TimeSpan Pause = default, string? Problem = null);

    /// <param name="words">Program and arguments.</param>
    public Meaning Of(IReadOnlyList<string> words)
    {
        while (words is ["sudo", ..])
            words = [.. words.Skip(1)];
        if (words is [var shell, "-c", var script] && Path.GetFileName(shell) is "sh" or "bash")
            words = script.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Count == 0)
            return new(Problem: "names no program");
        var program = Path.GetFileName(words[0]);
        List<string> arguments = [.. words.Skip(1).Select(word => word.Trim('\'', '"'))];
        return program switch
        {
            "sleep" when arguments is [var text] && double.TryParse(text.TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) =>
                new(Pause: TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1800))),
            _ when Signallers.Contains(program) => Signalled(program, arguments),
            _ when Containers.Contains(program) => Contained(program, arguments),
            _ => new(Problem: $"runs {program}, which is not done here; {Instead(program)}"),
        };
    }

    /// <summary>What to write for something that cannot be imported.</summary>
    public static string Instead(string name) =>
        Has(name, "pod", "kill", "terminate", "stop", "ec2", "instance") ? "write the fault yourself, such as fault: { kind: kill, service: NAME }"
        : Has(name, "tc", "netem", "latency", "delay", "toxi", "network", "slow") ? "write the fault yourself, such as fault: { kind: latency, dependency: NAME, delay: 1s }"
        : Has(name, "iptables", "partition", "blackhole", "drop") ? "write the fault yourself, such as fault: { kind: blackhole, dependency: NAME }"
        : Has(name, "stress", "memory", "cpu") ? "write the fault yourself, such as fault: { kind: memory, service: NAME, size: 256MiB }"
        : "write the fault yourself, as docs/own-experiments.md lists them";

    private Meaning Signalled(string program, List<string> arguments)
    {
        var signal = "TERM";
        var one = false;
        var names = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word is "-s" or "--signal" && i + 1 < arguments.Count)
                signal = arguments[++i];
            else if (word is "-n" or "-o" or "--newest" or "--oldest")
                one = true;
            else if (word.StartsWith("--signal=", StringComparison.Ordinal))
                signal = word["--signal=".Length..];
            else if (word is ['-', .. var rest] && IsSignal(rest))
                signal = rest;
            else if (word is not ['-', ..])
                names.Add(word);
        }
        var pattern = string.Join(' ', names);
        if (program == "kill")
            return new(Problem: $"signals process {pattern}, and nobody knows what that was; {Instead("kill")}");
        if (ServiceOf(pattern) is not { } service)
            return new(Problem: $"signals '{pattern}', which is no service of the manifest ({string.Join(", ", manifest.Services.Select(known => known.Name))}); {Instead("kill")}");
        var replicas = one ? "" : ", replicas: all";
        return Normal(signal) switch
        {
            "CONT" => new(Ends: service),
            "STOP" => new(new FaultDraft($"kind: freeze, service: {service}{replicas}", true, service)),
            "KILL" or "TERM" or "INT" or "QUIT" or "ABRT" => new(new FaultDraft($"kind: kill, service: {service}{replicas}", false, service)),
            var other => new(Problem: $"sends the signal {other}, which is not sent here; {Instead("kill")}"),
        };
    }

    private Meaning Contained(string program, List<string> arguments)
    {
        var names = arguments.Where(word => word is not ['-', ..]).ToList();
        var (verb, name) = program == "service" ? (names.ElementAtOrDefault(1) ?? "", names.ElementAtOrDefault(0) ?? "") : (names.ElementAtOrDefault(0) ?? "", names.ElementAtOrDefault(1) ?? "");
        name = name.EndsWith(".service", StringComparison.Ordinal) ? name[..^".service".Length] : name;
        if (manifest.Dependencies.FirstOrDefault(known => Means(name, known.Name)) is { } dependency)
        {
            return verb switch
            {
                "stop" or "kill" or "rm" => new(new FaultDraft($"kind: refuse, dependency: {dependency.Name}", true, dependency.Name)),
                "pause" or "freeze" => new(new FaultDraft($"kind: blackhole, dependency: {dependency.Name}", true, dependency.Name)),
                "restart" => new(new FaultDraft($"kind: refuse, dependency: {dependency.Name}", true, dependency.Name) { For = TimeSpan.FromSeconds(2) }),
                "start" or "unpause" or "thaw" => new(Ends: dependency.Name),
                _ => new(Problem: $"asks {program} to {verb} {name}, which is not done here; {Instead(verb)}"),
            };
        }
        if (manifest.Services.FirstOrDefault(known => !known.IsExternal && Means(name, known.Name)) is not { } service)
            return new(Problem: $"is about '{name}', which is no service or dependency of the manifest; {Instead("kill")}");
        return verb switch
        {
            "stop" or "kill" or "rm" or "restart" => new(new FaultDraft($"kind: kill, service: {service.Name}, replicas: all", false, service.Name)),
            "pause" or "freeze" => new(new FaultDraft($"kind: freeze, service: {service.Name}, replicas: all", true, service.Name)),
            "start" or "unpause" or "thaw" => new(Ends: service.Name),
            _ => new(Problem: $"asks {program} to {verb} {name}, which is not done here; {Instead(verb)}"),
        };
    }

    /// <summary>By its name, or by a part of its command that no other service has.</summary>
    private string? ServiceOf(string pattern)
    {
        var own = manifest.Services.Where(service => !service.IsExternal).ToList();
        if (pattern.Length == 0)
            return null;
        if (own.Find(service => Means(pattern, service.Name)) is { } named)
            return named.Name;
        var running = own.Where(service => string.Join(' ', service.Command).Contains(pattern, StringComparison.Ordinal)).ToList();
        return running is [var only] ? only.Name : null;
    }

    private static bool Means(string name, string known) => name == known || name.Split('-', '_', '/').Contains(known);

    private static bool IsSignal(string word) => word.All(char.IsAsciiDigit) ? word.Length > 0 : word.Length > 2 && word.All(char.IsAsciiLetterUpper);

    private static string Normal(string signal) => (signal.StartsWith("SIG", StringComparison.Ordinal) ? signal[3..] : signal) switch
    {
        "9" => "KILL",
        "15" => "TERM",
        "2" => "INT",
        "3" => "QUIT",
        "6" => "ABRT",
        "18" => "CONT",
        "19" => "STOP",
        var other => other,
    };

    private static bool Has(string text, params string[] parts) => parts.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase));
}
