using System.Text;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// Finds the program of a launch and refuses what cannot work, with one clear line: said here, and not by a shell in the replica's output.
/// </summary>
internal static class ProgramPath
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>The absolute path of the program.</summary>
    public static string Resolve(LaunchSpec spec)
    {
        RefuseNonsense(spec);
        if (!Directory.Exists(spec.Directory))
        {
            throw new LaunchException(File.Exists(spec.Directory)
                ? $"{spec.Directory} is a file, not a directory ({spec.Name})"
                : $"directory {spec.Directory} does not exist ({spec.Name})");
        }

        var path = spec.Command[0].Contains('/') ? ByPath(spec) : ByName(spec);
        if (MissingInterpreter(path) is { } interpreter)
            throw new LaunchException($"cannot run {path} ({spec.Name}): its first line names {interpreter}, which does not exist");
        return path;
    }

    private static string ByPath(LaunchSpec spec)
    {
        var path = Path.GetFullPath(spec.Command[0], spec.Directory);
        if (Directory.Exists(path))
            throw new LaunchException($"not executable: {path} ({spec.Name}): it is a directory");
        if (!File.Exists(path))
            throw new LaunchException($"command not found: {spec.Command[0]} ({spec.Name}): there is no file {path}");
        if (!LibC.IsExecutable(path))
            throw NotExecutable(path, spec.Name);
        return path;
    }

    private static string ByName(LaunchSpec spec)
    {
        var name = spec.Command[0];
        var search = spec.Environment.GetValueOrDefault("PATH", DefaultPath);
        string? refused = null;
        foreach (var folder in search.Split(':'))
        {
            // As everywhere: an empty or relative entry starts at the working directory.
            var path = Path.GetFullPath(Path.Combine(folder, name), spec.Directory);
            if (!File.Exists(path))
                continue;
            if (LibC.IsExecutable(path))
                return path;
            refused ??= path;
        }

        throw refused is not null
            ? NotExecutable(refused, spec.Name)
            : new LaunchException(File.Exists(Path.Combine(spec.Directory, name))
                ? $"command not found: {name} ({spec.Name}): the PATH has no such program; to run the file in {spec.Directory} write ./{name}"
                : $"command not found: {name} ({spec.Name}): the PATH has no such program; check the spelling, or install it");
    }

    private static LaunchException NotExecutable(string path, string name) =>
        new($"not executable: {path} ({name}): allow it with chmod +x");

    private static void RefuseNonsense(LaunchSpec spec)
    {
        if (spec.Command.IsDefaultOrEmpty || spec.Command[0].Length == 0)
            throw new LaunchException($"{spec.Name} has an empty command");
        if (spec.Command.Any(word => word.Contains('\0')))
            throw new LaunchException($"the command of {spec.Name} contains a NUL character");
        foreach (var (name, value) in spec.Environment)
        {
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0') || value.Contains('\0'))
                throw new LaunchException($"the environment variable '{name.Replace('\0', '?')}' of {spec.Name} has a name or value that no process can receive");
        }
    }

    private static string? MissingInterpreter(string path)
    {
        Span<byte> head = stackalloc byte[256];
        if (!ProcFile.TryRead(path, head, out var length) || !head[..length].StartsWith("#!"u8))
            return null;
        var line = head[2..length];
        var end = line.IndexOf((byte)'\n');
        if (end < 0)
            return null;
        var interpreter = Encoding.UTF8.GetString(line[..end]).Trim(' ', '\t').Split(' ', '\t')[0];
        return interpreter.StartsWith('/') && !File.Exists(interpreter.TrimEnd('\r')) ? interpreter
            : interpreter.EndsWith('\r') ? $"{interpreter.TrimEnd('\r')} followed by a carriage return (Windows line endings)"
            : null;
    }
}
