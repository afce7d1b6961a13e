using System.CommandLine;
using Mainstay.Cli.Installing;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Commands;

internal static class InstallCommand
{
    public static Command Create(CommandContext context)
    {
        var path = CommandContext.Path();
        var print = new Option<bool>("--print") { Description = "Show the unit and change nothing" };
        var user = new Option<bool>("--user") { Description = "For your own systemd (systemctl --user) instead of the system's" };
        var runAs = new Option<string?>("--run-as") { Description = "The user it runs as (default: you; behind sudo, whoever called it)", HelpName = "NAME" };
        var uninstall = new Option<bool>("--uninstall") { Description = "Stop and disable the service, and remove its unit" };
        var command = new Command("install", "Run the manifest as a service of systemd: from boot on, watched, with least privileges") { path, print, user, runAs, uninstall };
        command.SetAction((parsed, _) =>
        {
            var request = new InstallRequest(context.PlaceOf(parsed, path), parsed.GetValue(print), parsed.GetValue(user), parsed.GetValue(runAs));
            if (request is { ForUser: true, RunAs: not null })
                throw CommandFailure.Usage("--run-as goes with the system's systemd; with --user it runs as you");
            if (OperatingSystem.IsMacOS())
                throw CommandFailure.Failed("there is no systemd on macOS; 'mainstay up' runs in the foreground");
            var installation = new Installation(context.Terminal, Environment.GetEnvironmentVariable);
            if (!parsed.GetValue(uninstall))
                return installation.InstallAsync(request);
            return request is { Print: false, RunAs: null }
                ? installation.UninstallAsync(request)
                : throw CommandFailure.Usage("--uninstall takes no --print and no --run-as");
        });
        return command;
    }
}
