namespace Mainstay.Cli.Keeping;

/// <summary>Whether a command line is one that a keeper runs: <c>up</c>, and only if it is to run something.</summary>
internal static class KeeperRoute
{
    /// <summary>Cheap, and before anything is loaded that the keeper does not need: no parser.</summary>
    public static bool IsUp(IReadOnlyList<string> arguments)
    {
        var isUp = false;
        for (var i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            if (arguments[i] is "-h" or "-?" or "--help" or "--version")
                return false;
            if (arguments[i] == "--manifest")
                i++;
            else if (!isUp && !arguments[i].StartsWith('-'))
            {
                if (arguments[i] != "up")
                    return false;
                isUp = true;
            }
        }

        return isUp;
    }
}
