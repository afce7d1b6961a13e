using Mainstay.Cli.Control;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Installing;

/// <summary>Makes a manifest a service of systemd, and undoes it.</summary>
internal sealed class Installation(ITerminal terminal, Func<string, string?> variables)
{
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public async Task<int> InstallAsync(InstallRequest request)
    {
        var result = ManifestReader.Read(request.Place.Manifest, variables);
        terminal.Show(result.Findings);
        if (result.Manifest is not { } manifest)
            return ExitCodes.Usage;
        var account = AccountOf(request);
        var systemd = SystemdOf(request, account);
        var spec = SpecOf(manifest, account, systemd);
        CheckPaths(spec);
        foreach (var warning in BootWarnings.Of(spec, result.Variables, variables))
            terminal.Error($"{terminal.ErrorStyle.Warn("warning:")} {warning}");
        var text = SystemdUnit.Text(spec);
        if (request.Print)
            return terminal.Out(text.TrimEnd('\n')) ? ExitCodes.Done : ExitCodes.Failed;
        var unit = SystemdUnit.NameFor(manifest.Name);
        var file = new UnitFile(Path.Combine(systemd.Folder, unit));
        file.CheckOurs(manifest.File!);
        file.Write(text);
        terminal.Out($"{terminal.OutStyle.Good("wrote")} {file.Path}");
        await StartAsync(systemd, unit, request.Place with { Directory = manifest.Directory });
        return ExitCodes.Done;
    }

    public async Task<int> UninstallAsync(InstallRequest request)
    {
        var result = ManifestReader.Read(request.Place.Manifest, variables);
        if (result.Manifest is not { } manifest)
        {
            terminal.Show(result.Findings);
            return ExitCodes.Usage;
        }
        var systemd = SystemdOf(request, AccountOf(request));
        var unit = SystemdUnit.NameFor(manifest.Name);
        var file = new UnitFile(Path.Combine(systemd.Folder, unit));
        if (!file.CheckOurs(manifest.File!))
            throw CommandFailure.Failed($"there is no {file.Path}; nothing was removed");
        if (systemd.IsRunning)
            await systemd.DoAsync(unit, "disable", "--now", unit);
        file.Delete();
        if (systemd.IsRunning)
            await systemd.DoAsync(unit, "daemon-reload");
        terminal.Out($"{terminal.OutStyle.Good("removed")} {file.Path}{(systemd.IsRunning ? ", stopped and disabled" : "")}");
        return ExitCodes.Done;
    }

    private async Task StartAsync(Systemd systemd, string unit, Place place)
    {
        if (!systemd.IsRunning)
        {
            terminal.Out($"systemd does not run here; where it does: {systemd.Command("daemon-reload")} && {systemd.Command($"enable --now {unit}")}");
            return;
        }
        await systemd.DoAsync(unit, "daemon-reload");
        if (await systemd.SaysAsync("is-active", unit))
        {
            await systemd.DoAsync(unit, "enable", unit);
            terminal.Out($"{unit} runs already, as it was; to run it as it is now: {systemd.Command($"restart {unit}")}");
        }
        else if (RunLock.IsHeld(place.StateDirectory))
        {
            await systemd.DoAsync(unit, "enable", unit);
            terminal.Out($"{unit} starts at boot; now another 'up' runs here, process {RunLock.Holder(place.StateDirectory)}: mainstay stop, then {systemd.Command($"start {unit}")}");
        }
        else
        {
            await systemd.DoAsync(unit, "enable", "--now", unit);
            terminal.Out($"{terminal.OutStyle.Good("started")} {unit}, now and at boot; see: {systemd.Command($"status {unit}")}");
        }
    }

    private UnitSpec SpecOf(ManifestSpec manifest, Account account, Systemd systemd)
    {
        var unit = SystemdUnit.NameFor(manifest.Name);
        return new(
            manifest,
            InstalledProgram.Of(Environment.ProcessPath!, AppContext.BaseDirectory, variables),
            SearchPath(variables("PATH"), account),
            systemd.EnvironmentFile(unit["mainstay-".Length..^".service".Length]),
            account,
            systemd.ForUser);
    }

    /// <summary>
    /// That of this command, so that what is found here is found at boot, too. Nothing relative, which would depend on the folder, and for another
    /// user nothing of anybody else's home.
    /// </summary>
    private static List<string> SearchPath(string? path, Account account)
    {
        var folders = (path ?? "").Split(':')
            .Where(folder => folder.StartsWith('/') && !folder.Any(char.IsControl))
            .Where(folder => account.Id == Ownership.EffectiveUser || !UnitSpec.IsInHomes(folder) || UnitSpec.IsWithin(folder, account.Home))
            .Distinct()
            .ToList();
        return folders.Count > 0 ? folders : [.. UsualPath.Split(':')];
    }

    private Systemd SystemdOf(InstallRequest request, Account account) => request.ForUser ? Systemd.OfUser(account, variables) : Systemd.OfSystem();

    /// <summary>Whoever asks, which behind sudo is the one who called it; root only if it is root who asks.</summary>
    private Account AccountOf(InstallRequest request)
    {
        if (request.RunAs is { } named)
            return Account.Named(named) ?? throw CommandFailure.Failed($"there is no user '{named}' on this machine; make one (useradd --system {named}), or name another with --run-as");
        if (!request.ForUser && Ownership.EffectiveUser == 0 && variables("SUDO_USER") is { Length: > 0 } caller && Account.Named(caller) is { } person)
            return person;
        return Account.Numbered(Ownership.EffectiveUser)
            ?? throw CommandFailure.Failed($"user {Ownership.EffectiveUser} has no name on this machine; name one with --run-as");
    }

    private static void CheckPaths(UnitSpec spec)
    {
        foreach (var path in (string[])[spec.Manifest.File!, .. spec.Folders, spec.Account.Home, spec.EnvironmentFile])
        {
            if (!UnitSyntax.CanBeWritten(path))
                throw CommandFailure.Failed($"'{path.ReplaceLineEndings(" ")}' cannot stand in a unit: control characters, and a blank or backslash at the end, have no spelling there; rename it");
        }
        if (spec.Program.Words.FirstOrDefault(word => !UnitSyntax.CanBeStarted(word)) is { } program)
            throw CommandFailure.Failed($"systemd starts no program whose path holds quotes, backslashes or control characters: '{program.ReplaceLineEndings(" ")}'; move Mainstay elsewhere");
    }
}
