using System.Collections;
using System.Runtime.InteropServices;
using Mainstay.Contracts.Launching;

namespace Mainstay.Keeper.Keeping;

/// <summary>The process that outlives everything else of Mainstay: it holds what must not be lost, and keeps a core running.</summary>
public static class KeeperProgram
{
    /// <summary>The variable that tells a core its keeper's pid, and so that it is one.</summary>
    public const string CoreVariable = "MAINSTAY_KEEPER";

    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(5);

    /// <summary>Runs until a core ends everything, or a second signal does.</summary>
    /// <param name="program">Words that start a core: the same program, with the words of <paramref name="arguments"/> behind.</param>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> program, IReadOnlyList<string> arguments, TimeProvider time)
    {
        Platform.LibC.OccupyStandardStreams();
        var voice = new Voice(time);
        voice.Start();
        int exit;
        ITimer? lastMoment = null;
        await using (var keeper = new Keeper(program, arguments, Inherited(), new Systemd(Environment.GetEnvironmentVariable), voice, time))
        {
            PosixSignalRegistration[] registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, received => Stop(received, Signals.Terminate)),
                PosixSignalRegistration.Create(PosixSignal.SIGINT, received => Stop(received, Signals.Interrupt)),
                // The terminal is gone, which is no reason to stop.
                PosixSignalRegistration.Create(PosixSignal.SIGHUP, received => received.Cancel = true),
            ];
            exit = await keeper.RunAsync();
            foreach (var registration in registrations)
                registration.Dispose();

            void Stop(PosixSignalContext received, int signal)
            {
                received.Cancel = true;
                // A second one counts even while something holds the keeper up, such as a disk that does not answer: the guard ends what runs.
                if (keeper.Stop(signal))
                    lastMoment ??= time.CreateTimer(_ => Environment.Exit(128 + signal), null, LastMoment, Timeout.InfiniteTimeSpan);
            }
        }

        await voice.EndAsync();
        if (lastMoment is not null)
            await lastMoment.DisposeAsync();
        return exit;
    }

    /// <summary>What a core gets: our own environment without what the service manager meant for us alone.</summary>
    private static Dictionary<string, string> Inherited()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!Systemd.Variables.Contains((string)variable.Key))
                environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        environment[CoreVariable] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return environment;
    }
}
