namespace Mainstay.Cli.Terminal;

/// <summary>Where everything that people read goes. Callable from any thread.</summary>
internal interface ITerminal
{
    /// <summary>How text for standard output is dressed.</summary>
    Style OutStyle { get; }

    /// <summary>How text for standard error is dressed.</summary>
    Style ErrorStyle { get; }

    /// <summary>One line to standard output. False once nobody can read it any more.</summary>
    bool Out(string line);

    /// <summary>One line to standard error. False once nobody can read it any more.</summary>
    bool Error(string line);
}
