using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class ScaleCommand
{
    private const int Most = 1000;

    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("SERVICE=N") { Description = "The service and how many replicas it shall have until the next deploy" };
        var command = new Command("scale", "Run more or fewer replicas of a service, until the next deploy") { target };
        command.SetAction((parsed, cancel) =>
        {
            var (service, replicas) = Read(parsed.GetRequiredValue(target));
            return Conversation.RunAsync(context, context.PlaceOf(parsed), new(ControlProtocol.Version, "scale", [service], replicas), cancel);
        });
        return command;
    }

    internal static (string Service, int Replicas) Read(string text)
    {
        var sign = text.IndexOf('=');
        if (sign <= 0 || !int.TryParse(text.AsSpan(sign + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) || replicas is < 1 or > Most)
            throw CommandFailure.Usage($"'{text}' is not SERVICE=N with N from 1 to {Most}; for example: mainstay scale web=3");
        return (text[..sign], replicas);
    }
}
