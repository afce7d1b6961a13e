namespace Mainstay.Cli.Composition;

/// <summary>
/// Socket continuations run on the thread that polls, which saves the edge a thread switch at every read. The runtime reads the switch
/// from the environment at the first asynchronous socket operation and never again; what we start must not inherit it.
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private static bool _ours;

    /// <summary>Before the first socket. A value that the user has set stays.</summary>
    public static void Ask()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        Environment.SetEnvironmentVariable(Variable, "1");
        _ours = true;
    }

    /// <summary>Once an asynchronous socket operation waits.</summary>
    public static void Forget()
    {
        if (_ours)
            Environment.SetEnvironmentVariable(Variable, null);
        _ours = false;
    }
}
