using System.CommandLine;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class RollbackCommand
{
    public static Command Create(CommandContext context)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service" };
        var command = new Command("rollback", "Go back to the previous release of a service") { service };
        command.SetAction((parsed, cancel) => Conversation.RunAsync(
            context,
            context.PlaceOf(parsed),
            new(ControlProtocol.Version, "rollback", [parsed.GetRequiredValue(service)]),
            cancel));
        return command;
    }
}
