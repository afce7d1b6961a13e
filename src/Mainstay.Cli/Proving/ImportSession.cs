using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Own.Importing;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Cli.Proving;

/// <summary><c>mainstay prove --import</c>: a foreign experiment becomes a file beside the manifest, or it is said why not.</summary>
internal sealed class ImportSession(Place place, ITerminal terminal)
{
    /// <summary>The exit code.</summary>
    public int Run(string file)
    {
        if (terminal.ReadManifest(place) is not { } manifest)
            return ExitCodes.Usage;
        var imported = ChaosToolkit.Read(file, manifest, [.. Catalogue.All.Select(experiment => experiment.Name)], Environment.GetEnvironmentVariable);
        terminal.Show(imported.Findings);
        if (imported.Text is not { } text)
            return ExitCodes.Usage;
        Write(Path.Combine(manifest.Directory, ExperimentFolder.Name, $"{imported.Name}.yaml"), text);
        foreach (var mapped in imported.Mapped)
            terminal.Out($"  {mapped}");
        foreach (var left in imported.LeftOut)
            terminal.Out(terminal.OutStyle.Dim($"  left out: {left}"));
        terminal.Out($"written: {ExperimentFolder.Name}/{imported.Name}.yaml; run it with: mainstay prove --only {imported.Name}");
        return ExitCodes.Done;
    }

    private static void Write(string target, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var file = new StreamWriter(new FileStream(target, FileMode.CreateNew));
            file.Write(text);
        }
        catch (IOException) when (File.Exists(target))
        {
            throw CommandFailure.Usage($"{target} is there already; remove it, or give the imported file another name");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Failed($"{target} cannot be written: {refused.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }
}
