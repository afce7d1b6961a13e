using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.State;

/// <summary>
/// For what nobody foresaw and nobody caught: one line instead of a stack trace, and the end of this process, which its keeper replaces.
/// To go on would be to go on without the thread that failed.
/// </summary>
internal static partial class LastResort
{
    /// <summary>As by SIGABRT, which is what the runtime would end with.</summary>
    private const int ExitCode = 134;

    public static void Register() => AppDomain.CurrentDomain.UnhandledException += (_, happened) =>
    {
        new StandardStream(2).Write(Encoding.UTF8.GetBytes(Line(happened.ExceptionObject) + "\n"));
        // Not Environment.Exit, which waits for others and could wait for the thread that failed.
        EndAtOnce(ExitCode);
    };

    public static string Line(object failed) => $"mainstay: {(failed is Exception exception ? Failures.Explain(exception).Message : "this is a fault in Mainstay")}";

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndAtOnce(int code);
}
