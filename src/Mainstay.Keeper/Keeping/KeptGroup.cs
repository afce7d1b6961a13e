using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Keeping;

/// <summary>A process group of the keeper's, with its output and what the core says of it. Known until a core has learnt of its end.</summary>
internal sealed class KeptGroup(int id, string name, LaunchedProcess process, OutputRing output, OutputRing error) : IDisposable
{
    public int Id => id;

    public LaunchedProcess Process => process;

    public byte[] Label { get; set; } = [];

    /// <summary>Null while it runs.</summary>
    public ExitStatus? Ended { get; set; }

    public bool Tell(Core core) => core.Send(
        MessageKind.Process,
        MessageBody.Of(body =>
        {
            body.Write(id);
            body.Write(process.Pid);
            body.Write(name);
            body.WriteBytes(Label);
            body.Write(Ended is not null);
            WriteStatus(body, Ended ?? default);
        }),
        output.File,
        error.File);

    public bool TellLaunched(Core core, int request) => core.Send(
        MessageKind.Launched,
        MessageBody.Of(body =>
        {
            body.Write(request);
            body.Write(id);
            body.Write(process.Pid);
        }),
        output.File,
        error.File);

    public bool TellEnded(Core core) => core.Send(
        MessageKind.Exited,
        MessageBody.Of(body =>
        {
            body.Write(id);
            WriteStatus(body, Ended ?? default);
        }));

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    private static void WriteStatus(BinaryWriter body, ExitStatus status)
    {
        body.Write(status.Code);
        body.Write(status.Signal);
    }
}
