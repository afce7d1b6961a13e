using Mainstay.Cli.State;

namespace Mainstay.Cli.Control;

/// <summary>Whoever was to answer has hung up: its core has died, or it will not talk to us.</summary>
internal sealed class CoreLost(string message) : CommandFailure(ExitCodes.Failed, message);
