using System.CommandLine;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class LogsCommand
{
    public static Command Create(CommandContext context)
    {
        var service = new Argument<string?>("SERVICE") { Description = "Only this service (default: all)", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until interrupted" };
        var since = new Option<string?>("--since") { Description = "Only lines at most so old, such as 30s, 10m, 2h", HelpName = "DURATION" };
        var command = new Command("logs", "Show the recent output of the replicas") { service, follow, since };
        command.SetAction((parsed, cancel) =>
        {
            TimeSpan? age = parsed.GetValue(since) is { } text
                ? Durations.Parse(text) ?? throw CommandFailure.Usage($"--since '{text}' is not a duration such as 30s, 10m or 2h")
                : null;
            string[]? services = parsed.GetValue(service) is { } name ? [name] : null;
            return Conversation.RunAsync(
                context,
                context.PlaceOf(parsed),
                new(ControlProtocol.Version, "logs", services, Follow: parsed.GetValue(follow), SinceSeconds: age?.TotalSeconds),
                cancel);
        });
        return command;
    }
}
