using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Messages;

namespace Mainstay.Keeper.Client;

/// <summary>A process of the keeper's.</summary>
internal sealed class RemoteProcess(int id, int pid, KeeperLink link) : IProcess
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Pid => pid;

    public Task<ExitStatus> Exited => _exited.Task;

    public void Signal(int signal) => link.Send(MessageKind.Signal, MessageBody.Of(body =>
    {
        body.Write(id);
        body.Write(signal);
    }));

    public void Label(ReadOnlySpan<byte> label)
    {
        var bytes = label.ToArray();
        link.Send(MessageKind.Label, MessageBody.Of(body =>
        {
            body.Write(id);
            body.WriteBytes(bytes);
        }));
    }

    public void OnEnded(ExitStatus status) => _exited.TrySetResult(status);
}
