using System.CommandLine;
using Mainstay.Cli.State;
using Mainstay.Manifest;

namespace Mainstay.Cli.Commands;

internal static class InitCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("init", "Look at the folder (package.json, *.csproj, Procfile, Dockerfile, …) and write a first manifest");
        command.SetAction(parsed => Run(context, context.PlaceOf(parsed)));
        return command;
    }

    private static int Run(CommandContext context, Place place)
    {
        if (File.Exists(place.Manifest))
            throw CommandFailure.Failed($"{place.Manifest} exists already and is left as it is; remove it first, or change it and run 'mainstay check'");
        var draft = ManifestDraft.For(place.Directory);
        if (draft.Text is not { } text)
            throw CommandFailure.Failed($"no manifest was written: {draft.Reason}");
        try
        {
            // CreateNew: if another has written one in the meantime, theirs stays.
            using var file = new StreamWriter(new FileStream(place.Manifest, FileMode.CreateNew, FileAccess.Write));
            file.Write(text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Failed($"cannot write {place.Manifest}: {refused.Message.Split('\n')[0].TrimEnd('.')}");
        }
        var style = context.Terminal.OutStyle;
        context.Terminal.Out($"{style.Good("wrote")} {place.Manifest}, {draft.Reason}; next: mainstay check, then mainstay up");
        return ExitCodes.Done;
    }
}
