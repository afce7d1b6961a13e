namespace Mainstay.Prove.Load.Http1;

/// <summary>How far an answer has been read.</summary>
internal enum Reading
{
    /// <summary>There is more to come.</summary>
    Goes,

    /// <summary>The answer is whole.</summary>
    Whole,

    /// <summary>That is no HTTP, or more of it than anyone needs.</summary>
    Malformed,
}
