namespace Mainstay.Prove.Experiments.Labs;

/// <summary>The laboratory cannot go on: what happened and what to do, in one line.</summary>
internal sealed class LabException(string message, IReadOnlyList<string>? lastLines = null) : Exception(message)
{
    /// <summary>What it needs cannot be written below a temporary folder: it is full, or somebody else's.</summary>
    public static LabException NoPlace(string folder, Exception refused) =>
        new($"{refused.Message.ReplaceLineEndings(" ").TrimEnd('.')}; what prove needs for its copy of the application goes into {folder}; set TMPDIR to a place with room");

    public static bool IsNoPlace(Exception refused) => refused is IOException or UnauthorizedAccessException;

    /// <summary>The edge serves; it is the application behind it that is not ready.</summary>
    public bool IsListening { get; init; }

    /// <summary>The last output of whatever is to blame.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines ?? [];
}
