using Mainstay.Contracts.Control;

namespace Mainstay.Supervisor.Rollout;

/// <summary>The audience for what happens outside any operation: whoever started the fleet, once it is started.</summary>
internal sealed class LifeProgress : IProgress
{
    private volatile IProgress? _audience;

    public IProgress? Audience
    {
        get => _audience;
        set => _audience = value;
    }

    public void Say(string message) => _audience?.Say(message);

    public void Output(OutputLine line) => _audience?.Output(line);
}
