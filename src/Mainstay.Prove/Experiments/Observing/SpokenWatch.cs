using System.Globalization;
using System.Text.RegularExpressions;
using Mainstay.Prove.Recording;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Observing;

/// <summary>From the lines that Mainstay says to what has happened. Pure but for its memory; one user at a time.</summary>
internal sealed partial class SpokenWatch
{
    private readonly Dictionary<string, double> _pauses = new(StringComparer.Ordinal);

    /// <summary>Null: a line like others.</summary>
    public Happening? Next(long at, string line)
    {
        var subject = line.Split(' ', 2)[0].TrimEnd(':');
        if (StopFailure().IsMatch(line))
            return Happening.Of(at, Kinds.StopFailed, subject, line);
        if (line.EndsWith(": being replaced", StringComparison.Ordinal))
            return Happening.Of(at, Kinds.ReplicaReplaced, subject, line);
        if (Pause().Match(line) is not { Success: true } match)
            return null;
        var seconds = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var before = _pauses.GetValueOrDefault(subject, double.MaxValue);
        _pauses[subject] = seconds;
        return seconds > before ? Happening.Of(at, Kinds.BackedOff, subject, line, ("seconds", seconds)) : null;
    }

    /// <summary>"web-1 did not stop within its grace of 10 s and was killed", "web-1 exited with code 3 when it was stopped".</summary>
    [GeneratedRegex("^\\S+ (did not (stop|exit) within its grace|.* when it was stopped$)")]
    private static partial Regex StopFailure();

    /// <summary>"web-1 exited with code 3 before it was ready; trying again in 0.2 s", "… is in a crash loop: …; trying again every 10 s".</summary>
    [GeneratedRegex("; trying again (?:in|every) ([0-9.]+) s$")]
    private static partial Regex Pause();
}
