namespace Mainstay.Manifest.Reading;

/// <summary>Where something stands in the text; both 1-based, 0 for the whole file.</summary>
internal readonly record struct Position(int Line, int Column);
