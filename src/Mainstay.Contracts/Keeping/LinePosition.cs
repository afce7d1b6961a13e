namespace Mainstay.Contracts.Keeping;

/// <summary>Where in a replica's output a line ended; the default value stands for a line whose place is not known.</summary>
/// <param name="Stream">Which stream: each standard output and standard error of each process has a number of its own.</param>
/// <param name="End">Bytes from the stream's start to just after the line, its line feed included; 1 or more.</param>
public readonly record struct LinePosition(long Stream, long End)
{
    public bool IsKnown => End > 0;
}
