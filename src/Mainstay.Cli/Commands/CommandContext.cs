using System.CommandLine;
using Mainstay.Cli.Composition;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Commands;

/// <summary>What every command can use.</summary>
/// <param name="Terminal">Where it says things.</param>
/// <param name="Time">The clock.</param>
/// <param name="Command">The words after <c>--</c>; null without one.</param>
/// <param name="Up">Runs an application; returns the exit code.</param>
internal sealed record CommandContext(ITerminal Terminal, TimeProvider Time, IReadOnlyList<string>? Command, Func<UpRequest, Task<int>> Up)
{
    public Option<string?> Manifest { get; } = new("--manifest")
    {
        Description = "The manifest to use, instead of mainstay.yaml in the current folder",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Which Mainstay is meant: by PATH or <c>--manifest</c>, not both; the current folder without either.</summary>
    public Place PlaceOf(ParseResult parsed, Argument<string?>? path = null)
    {
        var named = path is null ? null : parsed.GetValue(path);
        var option = parsed.GetValue(Manifest);
        if (named is not null && option is not null)
            throw CommandFailure.Usage($"give the manifest once: as PATH ({named}) or as --manifest ({option})");
        if ((named ?? option) is { Length: 0 })
            throw CommandFailure.Usage("the manifest's path is empty");
        return Place.Of(named ?? option);
    }

    public static Argument<string?> Path() => new("PATH")
    {
        Description = "A manifest, or the folder that holds mainstay.yaml (default: the current folder)",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
