using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Reflection;
using Mainstay.Cli.Commands;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Composition;

/// <summary>From the words of the command line to the command that was meant.</summary>
internal static class CommandLine
{
    /// <summary>Commands that have a place in the product and none in this version.</summary>
    private static readonly string[] Later = ["audit", "publish", "cache"];

    public static string Version { get; } = "mainstay "
        + (typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown");

    public static async Task<int> RunAsync(string[] arguments, ITerminal terminal, TimeProvider time, Func<UpRequest, Task<int>> up)
    {
        // What follows `--` is somebody else's command line; the parser must not see it.
        var split = Array.IndexOf(arguments, "--");
        var own = split < 0 ? arguments : arguments[..split];
        var command = split < 0 ? null : arguments[(split + 1)..];
        var first = own.FirstOrDefault(word => !word.StartsWith('-'));
        if (first is not null && Later.Contains(first))
            throw CommandFailure.Usage($"'{first}' is not available yet in this version");
        if (own is ["--version", ..])
            return terminal.Out(Version) ? ExitCodes.Done : ExitCodes.Failed;

        var root = Build(new(terminal, time, command, up));
        if (own.Length == 0)
            own = ["--help"];
        var parsed = root.Parse(own, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpAction)
        {
            if (parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value is ['-', _, ..]) is { } option)
                throw CommandFailure.Usage($"there is no option '{option.Value}'; see {HelpFor(parsed)}");
            if (parsed.Errors.Count > 0)
                throw CommandFailure.Usage(Explain(parsed, root, first));
            if (command is not null && parsed.CommandResult.Command.Name != "up")
                throw CommandFailure.Usage($"'{parsed.CommandResult.Command.Name}' takes no command after '--'; only 'up' does");
        }
        using var output = new StringWriter();
        var exit = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = output,
        });
        var text = output.ToString().TrimEnd();
        if (text.Length > 0)
            terminal.Out(text);
        // Asked for nothing: the help is shown, but a script that forgot the command should notice.
        return arguments.Length == 0 ? ExitCodes.Usage : exit;
    }

    private static RootCommand Build(CommandContext context)
    {
        var root = new RootCommand("Mainstay keeps an application alive after deployment: replicas behind an edge that loses no request.")
        {
            context.Manifest,
            UpCommand.Create(context),
            InitCommand.Create(context),
            CheckCommand.Create(context),
            SchemaCommand.Create(context),
            StatusCommand.Create(context),
            DeployCommand.Create(context),
            RollbackCommand.Create(context),
            ScaleCommand.Create(context),
            RestartCommand.Create(context),
            LogsCommand.Create(context),
            ProveCommand.Create(context),
            FaultsCommand.Create(context),
            StopCommand.Create(context),
            UpgradeCommand.Create(context),
            InstallCommand.Create(context),
            LoadCommand.Create(context),
            DemoCommand.Create(context),
            SampleAppCommand.Create(context),
        };
        return root;
    }

    private static string Explain(ParseResult parsed, RootCommand root, string? first)
    {
        if (parsed.CommandResult.Command is RootCommand && first is not null && root.Subcommands.All(known => known.Name != first))
        {
            var near = root.Subcommands.Select(known => known.Name).MinBy(known => Distance(known, first));
            return near is not null && Distance(near, first) <= 2
                ? $"there is no command '{first}'; did you mean '{near}'?"
                : $"there is no command '{first}'; see {HelpFor(parsed)}";
        }
        var message = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return $"{message}; see {HelpFor(parsed)}";
    }

    private static string HelpFor(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "mainstay --help" : $"mainstay {parsed.CommandResult.Command.Name} --help";

    /// <summary>Letters to insert, delete or exchange.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
