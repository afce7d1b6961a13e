using System.CommandLine;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Manifest;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Cli.Commands;

internal static class SchemaCommand
{
    public static Command Create(CommandContext context)
    {
        var experiments = new Option<bool>("--experiments") { Description = "Of experiments/*.yaml instead, with the names that this application has" };
        var command = new Command("schema", "Print the JSON schema of the manifest, for completion in editors") { experiments };
        command.SetAction(parsed => parsed.GetValue(experiments)
            ? PrintExperiments(context, context.PlaceOf(parsed))
            : Print(context, ManifestSchema.Generate()));
        return command;
    }

    private static int PrintExperiments(CommandContext context, Place place) =>
        context.Terminal.ReadManifest(place) is { } manifest ? Print(context, ExperimentSchema.Generate(manifest)) : ExitCodes.Usage;

    private static int Print(CommandContext context, string schema) => context.Terminal.Out(schema) ? ExitCodes.Done : ExitCodes.Failed;
}
