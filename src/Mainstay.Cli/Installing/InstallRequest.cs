using Mainstay.Cli.State;

namespace Mainstay.Cli.Installing;

/// <param name="Place">The manifest.</param>
/// <param name="Print">Only show the unit.</param>
/// <param name="ForUser">For the user's own systemd.</param>
/// <param name="RunAs">A user's name; null: whoever asks.</param>
internal sealed record InstallRequest(Place Place, bool Print, bool ForUser, string? RunAs);
