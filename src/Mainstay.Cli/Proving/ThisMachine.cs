using System.Globalization;
using System.Runtime.InteropServices;

namespace Mainstay.Cli.Proving;

/// <summary>On what a report was made.</summary>
internal static class ThisMachine
{
    /// <summary>"2 processors, 7.8 GiB, Linux 6.1".</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30):0.#} GiB, {RuntimeInformation.OSDescription}");
}
