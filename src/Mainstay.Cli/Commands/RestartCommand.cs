using System.CommandLine;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class RestartCommand
{
    public static Command Create(CommandContext context)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service" };
        var command = new Command("restart", "Roll a service with the release it has") { service };
        command.SetAction((parsed, cancel) => Conversation.RunAsync(
            context,
            context.PlaceOf(parsed),
            new(ControlProtocol.Version, "restart", [parsed.GetRequiredValue(service)]),
            cancel));
        return command;
    }
}
