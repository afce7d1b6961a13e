namespace Mainstay.Cli.State;

internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It failed, and why was said on standard error.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or manifest.</summary>
    public const int Usage = 2;
}
