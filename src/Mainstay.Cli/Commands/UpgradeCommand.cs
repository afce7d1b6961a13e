using System.CommandLine;
using Mainstay.Cli.Keeping;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class UpgradeCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("upgrade", "Exchange the running Mainstay for this program, under load, nothing lost");
        command.SetAction((parsed, cancel) => Conversation.RunAsync(
            context, context.PlaceOf(parsed), new(ControlProtocol.Version, "upgrade", Program: OwnProgram.Words), cancel));
        return command;
    }
}
