using Mainstay.Contracts.Launching;
using Mainstay.Edge;
using Mainstay.Supervisor;

namespace Mainstay.Cli.State;

/// <summary>Any exception as one line for the user. Whatever was not foreseen is named as a fault of Mainstay, without its stack.</summary>
internal static class Failures
{
    public static CommandFailure Explain(Exception failed) => failed switch
    {
        CommandFailure known => known,
        RolloutException rollout => CommandFailure.Failed(rollout.Message, rollout.LastLines),
        ListenException or LaunchException => CommandFailure.Failed(failed.Message),
        OperationCanceledException => CommandFailure.Failed("given up: Mainstay is stopping"),
        IOException or UnauthorizedAccessException => CommandFailure.Failed(OneLine(failed.Message)),
        _ => CommandFailure.Failed($"this is a fault in Mainstay: {failed.GetType().Name}: {OneLine(failed.Message)}"),
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
