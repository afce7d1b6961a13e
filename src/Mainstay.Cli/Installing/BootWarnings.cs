using System.Collections.Immutable;
using Mainstay.Cli.Control;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Installing;

/// <summary>What works in this terminal and will not when systemd starts it. Each warning says what to do.</summary>
internal static class BootWarnings
{
    /// <summary>Variables that systemd, or the unit, sets by itself.</summary>
    private static readonly string[] Given = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG"];

    /// <param name="spec">What is being installed.</param>
    /// <param name="referred">Variables that the manifest refers to.</param>
    /// <param name="variables">The environment of this command.</param>
    public static IEnumerable<string> Of(UnitSpec spec, ImmutableArray<string> referred, Func<string, string?> variables)
    {
        if (spec.Account.IsRoot)
            yield return "it will run as root, and so will everything it runs; name a user without privileges with --run-as NAME";
        var missing = Missing(spec, referred, variables);
        if (missing.Count > 0)
            yield return $"the manifest reads {string.Join(", ", missing)} from the environment, which is not there at boot; write NAME=value into {spec.EnvironmentFile}, one a line (mode 0600)";
        foreach (var (service, program) in Programs(spec.Manifest))
        {
            if (!spec.SearchPath.Any(folder => File.Exists(Path.Combine(folder, program))))
                yield return $"services.{service}: '{program}' is in none of the folders of PATH, and so it will not be found; write its full path";
        }
        foreach (var port in spec.ForUser ? spec.Manifest.Edge.Listen.Where(listen => listen.Port is > 0 and < 1024) : [])
            yield return $"{port.Url}: a user's own service may not listen below port 1024; choose another port, or install for the system (without --user)";
        if (spec.ForUser && !File.Exists($"/var/lib/systemd/linger/{spec.Account.Name}"))
            yield return $"it will run only while {spec.Account.Name} is logged in; to start it at boot: loginctl enable-linger {spec.Account.Name}";
        var state = Path.Combine(spec.Manifest.Directory, Contracts.WellKnown.StateFolder);
        if (Ownership.OwnerOf(state) is { } owner && owner != spec.Account.Id && !spec.Account.IsRoot)
            yield return $"{state} belongs to another user, and {spec.Account.Name} cannot write to it; change that with: chown -R {spec.Account.Name}: {state}";
    }

    /// <summary>Those that are set here and so hold something that will be missing; what is not set here has a default.</summary>
    private static List<string> Missing(UnitSpec spec, ImmutableArray<string> referred, Func<string, string?> variables)
    {
        var here = referred.Where(name => !Given.Contains(name) && !string.IsNullOrEmpty(variables(name))).ToList();
        if (here.Count == 0)
            return here;
        try
        {
            foreach (var line in File.ReadLines(spec.EnvironmentFile))
                here.RemoveAll(name => line.TrimStart().StartsWith(name + "=", StringComparison.Ordinal));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            // Not there, or not for us to read: then it is said once too often rather than not at all.
        }
        return here;
    }

    private static IEnumerable<(string Service, string Program)> Programs(ManifestSpec manifest) =>
        from service in manifest.Services
        from command in (ImmutableArray<string>[])[service.Command, service.Deploy.Build, service.Deploy.Before]
        where command.Length > 0 && !command[0].Contains('/')
        group command[0] by (service.Name, command[0]) into once
        select (once.Key.Name, once.Key.Item2);
}
