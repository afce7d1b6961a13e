using System.Collections.Immutable;

namespace Mainstay.Cli.Demo;

/// <param name="Length">Of the storm.</param>
/// <param name="Contenders">Who takes part, of <see cref="Line.Known"/>; empty: Mainstay, and what is installed.</param>
/// <param name="InTurn">One after the other.</param>
/// <param name="Seed">Of all chance.</param>
/// <param name="Json">The result as a document.</param>
internal sealed record DemoRequest(TimeSpan Length, ImmutableArray<string> Contenders, bool InTurn, ulong Seed, bool Json);
