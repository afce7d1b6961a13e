namespace Mainstay.Keeper.Output;

/// <summary>Where the bytes of one stream go. Called from the pump's thread only; must not block.</summary>
internal interface IOutputTarget
{
    /// <summary>Whether it takes bytes now; asked before each read. While it does not, they wait in the pipe.</summary>
    bool HasRoom { get; }

    void Feed(ReadOnlySpan<byte> bytes);

    /// <summary>The stream is at its end. Called once or more.</summary>
    void End();
}
