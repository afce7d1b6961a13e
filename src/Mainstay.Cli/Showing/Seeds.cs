using System.Globalization;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Showing;

/// <summary>What <c>--seed</c> says.</summary>
internal static class Seeds
{
    private const ulong Default = 1;

    /// <param name="text">Null: it was not given.</param>
    /// <exception cref="CommandFailure">It is no number.</exception>
    public static ulong Of(string? text) => text is null ? Default
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw CommandFailure.Usage($"--seed '{text}' is not a number from 0 to {ulong.MaxValue}");
}
