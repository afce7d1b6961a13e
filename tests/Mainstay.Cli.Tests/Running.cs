using System.Diagnostics;

namespace Mainstay.Cli.Tests;

/// <summary>What a program said and how it ended.</summary>
internal sealed record Outcome(int Exit, string Out, string Error, int Pid);

/// <summary>Runs programs as a user would, with a deadline.</summary>
internal static class Running
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "mainstay");

    public static Task<Outcome> MainstayAsync(string directory, params string[] arguments) => RunAsync(Program, directory, null, arguments);

    public static async Task<Outcome> RunAsync(string program, string directory, IReadOnlyDictionary<string, string?>? variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new(process.ExitCode, await output, await error, process.Id);
    }
}
