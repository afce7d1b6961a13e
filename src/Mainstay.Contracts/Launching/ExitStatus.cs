namespace Mainstay.Contracts.Launching;

/// <summary>How a process ended: an exit code, or the signal that killed it.</summary>
public readonly record struct ExitStatus(int Code, int Signal)
{
    public bool Succeeded => Signal == 0 && Code == 0;

    /// <summary>"exited with code 3", "was killed by SIGKILL".</summary>
    public override string ToString() => Signal != 0 ? $"was killed by {Signals.NameOf(Signal)}" : $"exited with code {Code}";
}
