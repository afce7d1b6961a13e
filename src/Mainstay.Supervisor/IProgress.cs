using Mainstay.Contracts.Control;

namespace Mainstay.Supervisor;

/// <summary>Told what happens, in order, from any thread; must not block.</summary>
public interface IProgress
{
    /// <summary>One line for the user: what happens now.</summary>
    void Say(string message);

    /// <summary>A line of output of a build or <c>before</c> command.</summary>
    void Output(OutputLine line);
}
