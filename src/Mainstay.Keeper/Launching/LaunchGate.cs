using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// A shell that waits for one line before it becomes the program (<c>exec</c> keeps the pid). If Mainstay dies before it wrote the line,
/// the shell reads the end of file and exits, having started nothing.
/// </summary>
internal static class LaunchGate
{
    private const string Script = "read -r _ || exit 125; exec \"$@\" </dev/null";

    public static ChildStart Behind(string program, LaunchSpec spec, IReadOnlyDictionary<string, string> environment, LaunchPipes pipes)
    {
        // A shell may drop variables whose names it could not spell itself (`Logging:Level`): those go through env(1), which execs too.
        var unspeakable = environment.Where(variable => !IsShellName(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}").ToArray();
        string[] detour = unspeakable.Length == 0 ? [] : ["/usr/bin/env", .. unspeakable];
        string[] command = ["/bin/sh", "-c", Script, "mainstay-gate", .. detour, program, .. spec.Command.Skip(1)];
        return new ChildStart(command, environment, spec.Directory, pipes.GateInput, pipes.ChildOutput, pipes.ChildError);
    }

    /// <summary>A child that has died meanwhile makes no difference: its end is seen elsewhere.</summary>
    public static void Open(SafeFileHandle gate) => LibC.TryWriteWhole(gate, "\n"u8);

    private static bool IsShellName(string name) =>
        !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
