using System.Globalization;
using Mainstay.Contracts.Processes;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>How the machine is, second by second, from /proc: who else uses its processors. Not thread-safe.</summary>
internal sealed class MachineWatch
{
    private Reading _last = Read();

    /// <summary>Since the last call.</summary>
    public MachineSecond Next(long at)
    {
        var now = Read();
        var (total, busy, steal, own) = (now.Total - _last.Total, now.Busy - _last.Busy, now.Steal - _last.Steal, now.Own - _last.Own);
        _last = now;
        return total <= 0
            ? new(at, 0, 0, 0)
            : new(at, Ratio(busy, total), Ratio(busy - own, total), Ratio(steal, total));
    }

    private static double Ratio(double part, double whole) => Math.Clamp(part / whole, 0, 1);

    /// <summary>In clock ticks since the start of the machine, over all processors.</summary>
    private static Reading Read()
    {
        try
        {
            var first = File.ReadLines($"{ProcFile.Root}/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // user nice system idle iowait irq softirq steal
            var fields = first.Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            var total = fields.Sum();
            var steal = fields.Length > 7 ? fields[7] : 0;
            return new(total, total - fields[3] - fields[4] - steal, steal, OwnTicks());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            return new(0, 0, 0, 0); // No Linux: nothing is known, so nothing is excused.
        }
    }

    /// <summary>Of this process and everything below it, the ended ones included: application, Mainstay and the load are all started by it.</summary>
    private static long OwnTicks() => ProcStat.Descent(ProcFile.Root, Environment.ProcessId).Sum(TicksOf);

    private static long TicksOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        if (!ProcFile.TryRead($"{ProcFile.Root}/{pid}/stat", buffer, out var length))
            return 0;
        var text = System.Text.Encoding.ASCII.GetString(buffer[..length]);
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Counted from the state on: utime, stime, and those of children that have ended.
        return fields.Length < 15 ? 0 : fields[11..15].Sum(field => long.TryParse(field, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0);
    }

    private readonly record struct Reading(long Total, long Busy, long Steal, long Own);
}
