using System.Globalization;

namespace Mainstay.Keeper.Journal;

/// <summary>One line of the state file: a process group that runs, or the Mainstay that owns the file.</summary>
/// <param name="StartTime">See <see cref="Mainstay.Contracts.Processes.ProcStat.StartTime"/>.</param>
/// <param name="Marker">What its environment holds in <see cref="MarkerVariable"/>.</param>
/// <param name="Name">Such as <c>web-1</c>; <see cref="OwnerName"/> for the owner.</param>
internal sealed record JournalEntry(int Pid, long StartTime, string BootId, string Marker, string Name)
{
    public const string OwnerName = "(mainstay)";

    /// <summary>Marks every process of one run, so that it can be recognised when its group's leader has gone.</summary>
    public const string MarkerVariable = "MAINSTAY_RUN";

    // A line without it was cut: a number in it may be the beginning of another.
    private const string End = "end";

    public string Format()
    {
        var name = string.Concat(Name.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return string.Create(CultureInfo.InvariantCulture, $"{Pid}\t{StartTime}\t{BootId}\t{Marker}\t{name}\t{End}\n");
    }

    /// <summary>Null for a line that is not whole.</summary>
    public static JournalEntry? Parse(string line)
    {
        var fields = line.Split('\t');
        return fields is [var pidText, var startText, { Length: > 0 } boot, { Length: > 0 } marker, var name, End]
            && int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && pid > 1
            && long.TryParse(startText, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && start > 0
            ? new JournalEntry(pid, start, boot, marker, name)
            : null;
    }
}
