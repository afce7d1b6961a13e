namespace Mainstay.Prove.Reports;

/// <summary>How a piece of text is to be dressed.</summary>
internal enum Tone
{
    Plain,
    Dim,
    Bold,
    Good,
    Warn,
    Bad,
}
