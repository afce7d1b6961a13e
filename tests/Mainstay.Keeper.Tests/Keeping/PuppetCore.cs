using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>
/// A core in a process of its own that does nothing but talk: <c>core BEHAVIOUR FOLDER</c>. What it hears goes into <c>FOLDER/heard</c>, one
/// line each, behind its behaviour and pid. A behaviour is words with dashes between: <c>serve</c>, <c>die</c>, <c>brief</c> (serves and dies),
/// <c>garbage</c> (says what no core says), <c>gibberish</c> (and not even in messages), <c>quiet</c> (one sign of life, then none), <c>hang</c>;
/// as a successor <c>prepared</c>, or <c>prepared-die</c>. <c>upgrade-X</c> serves, and asks for a core that behaves as X;
/// <c>linger-X</c> does, too, and does not go when it may leave.
/// </summary>
internal sealed class PuppetCore : IDisposable
{
    private readonly string _behaviour;
    private readonly string _folder;
    private readonly SafeFileHandle _socket;
    private readonly MessageChannel _channel;

    public PuppetCore(string behaviour, string folder)
    {
        (_behaviour, _folder) = (behaviour, folder);
        _socket = new(ChildStart.ExtraDescriptor, ownsHandle: true);
        _channel = new(_socket);
    }

    public static IReadOnlyList<string> Words(string behaviour) => [Environment.ProcessPath!, "core", behaviour];

    public int Run()
    {
        // As every core: it does not outlive its keeper.
        Linux.DieWithParent(9);
        Note("began");
        if (_behaviour == "die")
            return 3;
        if (_behaviour == "hang")
            return Obey();
        Say(MessageKind.Hello, body => body.Write(1));
        while (Hear() is { } message && message.Kind != MessageKind.Welcome)
        {
        }

        var words = _behaviour.Split('-', 2);
        switch (words[0])
        {
            case "garbage":
                _ = _channel.TrySend(MessageKind.Launch, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF });
                return Obey();
            case "gibberish":
                LibC.WriteAll(_socket, Enumerable.Repeat((byte)0xFF, 100).ToArray());
                return Obey();
            case "prepared":
                _channel.TrySend(MessageKind.Prepared, MessageBody.Empty);
                break;
            default:
                Say(MessageKind.Note, body =>
                {
                    body.Write("by");
                    body.WriteBytes(System.Text.Encoding.UTF8.GetBytes(_behaviour));
                });
                _channel.TrySend(MessageKind.Serving, MessageBody.Empty);
                Note("serves");
                break;
        }

        if (words[0] == "brief")
            return 4;
        if (words[0] == "quiet")
            _channel.TrySend(MessageKind.Alive, MessageBody.Empty);
        if (words[0] is "upgrade" or "linger")
            Say(MessageKind.Upgrade, body => body.WriteStrings(Words(words[1]).ToArray()));
        return Obey();
    }

    public void Dispose() => _channel.Dispose();

    private int Obey()
    {
        while (Hear() is { } message)
        {
            switch (message.Kind)
            {
                case MessageKind.Stop:
                    Say(MessageKind.End, body => body.Write(0));
                    return 0;
                case MessageKind.Leave when !_behaviour.StartsWith("linger", StringComparison.Ordinal):
                    return 0;
                case MessageKind.HandOver:
                    _channel.TrySend(MessageKind.HandedOver, MessageBody.Empty);
                    break;
                case MessageKind.TakeOver when _behaviour == "prepared-die":
                    return 9;
                case MessageKind.TakeOver:
                    _channel.TrySend(MessageKind.Serving, MessageBody.Empty);
                    break;
            }
        }

        return 1;
    }

    private Message? Hear()
    {
        var message = _channel.Receive();
        message?.CloseDescriptors();
        if (message is not null)
            Note(Text(message));
        return message;
    }

    private static string Text(Message message)
    {
        using var body = message.Read();
        return message.Kind switch
        {
            MessageKind.Noted => $"{message.Kind} {body.ReadString()} {System.Text.Encoding.UTF8.GetString(body.ReadBytesWithLength())}",
            MessageKind.Welcome => (body.ReadBoolean(), body.ReadInt32(), body.ReadBoolean()) is var (isSuccessor, stop, isAlone)
                ? $"{message.Kind} {(isSuccessor ? "successor" : "core")} {stop}{(isSuccessor || isAlone ? "" : " beside another")}"
                : "",
            MessageKind.UpgradeFailed => $"{message.Kind} {body.ReadString()}",
            MessageKind.Stop => $"{message.Kind} {body.ReadInt32()}",
            _ => message.Kind.ToString(),
        };
    }

    private void Say(MessageKind kind, Action<BinaryWriter> write) => _channel.TrySend(kind, MessageBody.Of(write));

    private void Note(string line) => File.AppendAllText(Path.Combine(_folder, "heard"), $"{_behaviour} {Environment.ProcessId} {line}\n");
}
