namespace Mainstay.Prove.Experiments.Labs;

/// <summary>The laboratory cannot go on: what happened and what to do, in one line.</summary>
internal sealed class LabException(string message, IReadOnlyList<string>? lastLines = null) : Exception(message)
{
    /// <summary>The edge serves; it is the application behind it that is not ready.</summary>
    public bool IsListening { get; init; }

    /// <summary>The last output of whatever is to blame.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines ?? [];
}
