using System.CommandLine;
using Mainstay.Cli.Faulting;

namespace Mainstay.Cli.Commands;

internal static class FaultsCommand
{
    public static Command Create(CommandContext context)
    {
        var options = new FaultsOptions();
        var command = new Command("faults", "A proxy on this machine that breaks what passes, on purpose: latency, resets, refusals and more");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => RunAsync(context, options.Read(parsed), cancel));
        return command;
    }

    private static Task<int> RunAsync(CommandContext context, FaultsRequest request, CancellationToken cancel) =>
        Interruptible.RunAsync(() => { }, interrupted => new FaultsSession(request, context.Terminal, context.Time).RunAsync(interrupted), cancel);
}
