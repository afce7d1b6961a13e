using System.CommandLine;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Manifest;

namespace Mainstay.Cli.Commands;

internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var path = CommandContext.Path();
        var command = new Command("check", "Show every error and warning of a manifest; nothing is started") { path };
        command.SetAction(parsed => Run(context, context.PlaceOf(parsed, path)));
        return command;
    }

    private static int Run(CommandContext context, Place place)
    {
        var result = ManifestReader.Read(place.Manifest, Environment.GetEnvironmentVariable);
        context.Terminal.Show(result.Findings);
        if (result.Manifest is not { } manifest)
            return ExitCodes.Usage;
        var style = context.Terminal.OutStyle;
        context.Terminal.Out(
            $"{style.Good("ok")} {style.Bold(manifest.Name)}: {Counted.Of(manifest.Services.Length, "service")}, {Counted.Of(manifest.Routes.Length, "route")}"
            + (result.Findings.Length > 0 ? $", {Counted.Of(result.Findings.Length, "warning")}" : ""));
        return ExitCodes.Done;
    }
}
