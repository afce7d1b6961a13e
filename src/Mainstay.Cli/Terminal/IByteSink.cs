namespace Mainstay.Cli.Terminal;

/// <summary>The operating system's end of a standard stream.</summary>
internal interface IByteSink
{
    /// <summary>Writes everything, for as long as that takes. False once nobody can read it any more.</summary>
    bool Write(ReadOnlySpan<byte> bytes);
}
