using System.Collections.Immutable;

namespace Mainstay.Prove.Storms;

/// <summary>What happens and when: the same for every contender, at any length.</summary>
/// <param name="Length">Whole seconds.</param>
/// <param name="Acts">One after the other; none overlaps the next.</param>
internal sealed record Storm(TimeSpan Length, ImmutableArray<StormAct> Acts)
{
    /// <summary>As it is written below.</summary>
    private const double Written = 300;

    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private static readonly (ActKind Kind, double At, double Lasting)[] Script =
    [
        (ActKind.KillOne, 20, 0),
        (ActKind.KillOne, 35, 0),
        (ActKind.KillAll, 50, 0),
        (ActKind.Freeze, 75, 15),
        (ActKind.Hang, 110, 25),
        (ActKind.BadRelease, 155, 20),
        (ActKind.Overload, 210, 30),
        (ActKind.OwnDeath, 265, 0),
    ];

    public int Seconds => (int)Length.TotalSeconds;

    /// <summary>The script, stretched or shortened to a length.</summary>
    public static Storm Of(TimeSpan length)
    {
        length = TimeSpan.FromSeconds(Math.Round(length.TotalSeconds));
        var factor = length.TotalSeconds / Written;
        return new(length, [.. Script.Select(act => new StormAct(act.Kind, TimeSpan.FromSeconds(act.At * factor), TimeSpan.FromSeconds(act.Lasting * factor)))]);
    }
}
