using System.CommandLine;
using Mainstay.Cli.Demo;

namespace Mainstay.Cli.Commands;

/// <summary>The demo's app. For the demo alone: it is not in the help.</summary>
internal static class SampleAppCommand
{
    public const string Name = "demo-app";

    public static Command Create(CommandContext context)
    {
        var command = new Command(Name, "The demo's app: it serves on PORT") { Hidden = true };
        command.SetAction((_, cancel) => SampleApp.RunAsync(Environment.GetEnvironmentVariable, context.Time, cancel));
        return command;
    }
}
