using System.CommandLine;
using Mainstay.Cli.State;
using Mainstay.Manifest;

namespace Mainstay.Cli.Commands;

internal static class SchemaCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("schema", "Print the JSON schema of the manifest, for completion in editors");
        command.SetAction(_ => context.Terminal.Out(ManifestSchema.Generate()) ? ExitCodes.Done : ExitCodes.Failed);
        return command;
    }
}
