using System.CommandLine;
using Mainstay.Cli.Control;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;
using Mainstay.Manifest;

namespace Mainstay.Cli.Commands;

internal static class DeployCommand
{
    public static Command Create(CommandContext context)
    {
        var services = new Argument<string[]>("SERVICE") { Description = "Only these services (default: everything in the manifest)", Arity = ArgumentArity.ZeroOrMore };
        var force = new Option<bool>("--force") { Description = "Roll services that did not change, too" };
        var command = new Command("deploy", "Read the manifest again, build, and roll what changed; rolls back by itself on failure") { services, force };
        command.SetAction((parsed, cancel) => RunAsync(context, context.PlaceOf(parsed), parsed.GetValue(services) ?? [], parsed.GetValue(force), cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Place place, string[] services, bool force, CancellationToken cancel)
    {
        var hello = await ControlClient.GreetAsync(place, TimeSpan.FromSeconds(5), context.Time) ?? throw ControlClient.NotRunning(place);
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        if (hello.Manifest is not null)
        {
            // Read here first: its errors belong to whoever deploys, and so does the environment that its variables come from.
            var result = ManifestReader.Read(hello.Manifest, Environment.GetEnvironmentVariable);
            context.Terminal.Show(result.Findings);
            if (result.Manifest is null)
                return ExitCodes.Usage;
            foreach (var name in result.Variables)
            {
                if (Environment.GetEnvironmentVariable(name) is { } value)
                    variables[name] = value;
            }
        }
        var request = new ControlRequest(ControlProtocol.Version, "deploy", services, Force: force, Variables: variables);
        return await Conversation.RunAsync(context, place, request, cancel);
    }
}
