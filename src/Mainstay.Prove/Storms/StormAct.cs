namespace Mainstay.Prove.Storms;

/// <summary>One thing that happens in a storm.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">Since the storm's beginning.</param>
/// <param name="Lasting">Zero: it is over at once.</param>
internal sealed record StormAct(ActKind Kind, TimeSpan At, TimeSpan Lasting)
{
    /// <summary>One line, before it happens.</summary>
    public string Words => Kind switch
    {
        ActKind.KillOne => "one worker is killed",
        ActKind.KillAll => "all workers are killed at once",
        ActKind.Freeze => $"one worker stands still for {Lasting.TotalSeconds:0.#} s",
        ActKind.Hang => $"the dependency takes connections and answers nothing for {Lasting.TotalSeconds:0.#} s",
        ActKind.BadRelease => $"a release is deployed that cannot start; the old one is deployed again after {Lasting.TotalSeconds:0.#} s",
        ActKind.Overload => $"{StormLoad.Times:0} times the load for {Lasting.TotalSeconds:0.#} s",
        _ => "what watches over the workers is killed itself",
    };

    /// <summary>Two or three words, for a picture.</summary>
    public string Title => Kind switch
    {
        ActKind.KillOne => "kill",
        ActKind.KillAll => "kill all",
        ActKind.Freeze => "freeze",
        ActKind.Hang => "hung dependency",
        ActKind.BadRelease => "bad release",
        ActKind.Overload => "10× load",
        _ => "own death",
    };
}

internal enum ActKind
{
    /// <summary>SIGKILL to one worker.</summary>
    KillOne,

    /// <summary>SIGKILL to all of them.</summary>
    KillAll,

    /// <summary>SIGSTOP to one worker, SIGCONT later.</summary>
    Freeze,

    /// <summary>The dependency accepts and does not answer.</summary>
    Hang,

    /// <summary>A deploy of a release that exits at its start; later one of the good release.</summary>
    BadRelease,

    /// <summary>Ten times as many requests.</summary>
    Overload,

    /// <summary>SIGKILL to what supervises: Mainstay's core, nginx's master, PM2's daemon.</summary>
    OwnDeath,
}
