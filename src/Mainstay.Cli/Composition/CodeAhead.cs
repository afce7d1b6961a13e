using System.Reflection;

namespace Mainstay.Cli.Composition;

/// <summary>
/// Loads the assemblies that a core may come to need, while it can. .NET opens each at its first use, which may be hours later, in a moment
/// without a free descriptor; and one that could not be opened counts as missing for the rest of the process's life.
/// </summary>
internal static class CodeAhead
{
    /// <summary>Not at once: a core that takes another's place has clients waiting.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    public static async Task LoadLaterAsync(TimeProvider time, CancellationToken cancel)
    {
        await Task.Delay(Later, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancel.IsCancellationRequested)
            Load();
    }

    /// <summary>What those that are in use refer to: what is needed later is called from there. Some tens of milliseconds, once.</summary>
    public static void Load()
    {
        var names = AppDomain.CurrentDomain.GetAssemblies().SelectMany(assembly => assembly.GetReferencedAssemblies()).DistinctBy(name => name.Name);
        foreach (var name in names)
        {
            try
            {
                Assembly.Load(name);
            }
            catch (Exception missing) when (missing is IOException or BadImageFormatException)
            {
                // Optional to the library that refers to it.
            }
        }
    }
}
