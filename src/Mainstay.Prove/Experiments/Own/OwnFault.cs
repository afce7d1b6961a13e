using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Own;

/// <summary>One thing that a user's experiment breaks. Immutable; what a run needs to remember is in the run.</summary>
internal abstract record OwnFault
{
    /// <summary>From the beginning of the fault's phase.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long it lasts; null: until the phase ends.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>In a person's words: "kills one replica of web with SIGKILL".</summary>
    public abstract string Does { get; }

    /// <summary>How long it takes at least, whatever the load's duration.</summary>
    public virtual TimeSpan Least => For ?? TimeSpan.Zero;

    /// <summary>Whether replicas die of it.</summary>
    public virtual bool Kills => false;

    /// <summary>Which happenings begin and end the time in which requests are exposed to it; null: all of the phase.</summary>
    public virtual (string Start, string? End)? Exposure => null;

    /// <summary>Why it cannot be done here; null: it can.</summary>
    public virtual string? Refusal(Scope scope) => null;

    /// <summary>What <see cref="PrepareAsync"/> takes, about.</summary>
    public virtual TimeSpan Preparing => TimeSpan.Zero;

    /// <summary>Before the load starts; one fault after the other.</summary>
    /// <returns>Why it is impossible on this machine; null: it is not.</returns>
    public virtual Task<string?> PrepareAsync(OwnRun run, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>Breaks, waits for so long, and mends, also when it is cancelled.</summary>
    /// <returns>The evidence that it bit; null: it was not seen to.</returns>
    public abstract Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel);
}
