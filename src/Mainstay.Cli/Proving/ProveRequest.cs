using System.Collections.Immutable;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Proving;

/// <param name="Place">The manifest.</param>
/// <param name="Only">Names of experiments; empty: all.</param>
/// <param name="Budget">For everything together.</param>
/// <param name="Report">A folder; null: none is written.</param>
/// <param name="Allow">Dependencies that may be broken wherever they are.</param>
/// <param name="Seed">Of all chance.</param>
internal sealed record ProveRequest(Place Place, ImmutableArray<string> Only, TimeSpan Budget, string? Report, ImmutableArray<string> Allow, ulong Seed);
