using System.Globalization;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>A file in which a program notes its process id.</summary>
internal static class PidFile
{
    /// <summary>Null: there is none yet, or the process has ended.</summary>
    public static ProcessId? Read(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid) ? ProcessId.Find(pid) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
