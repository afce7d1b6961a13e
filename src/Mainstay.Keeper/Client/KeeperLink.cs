using System.Collections.Concurrent;
using System.Globalization;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Client;

/// <summary>A core's end of the socket to its keeper: what is kept beyond the core, and what the keeper wants of it. Thread-safe.</summary>
public sealed class KeeperLink : INotes, IDisposable
{
    private const int Version = 1;

    private readonly MessageChannel _channel;
    private readonly Action _lost;
    private readonly Inventory _inventory = new();
    private readonly Lock _noting = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Message>> _asked = new();
    private readonly ConcurrentDictionary<int, ExitStatus> _ends = new();
    private KeeperLauncher? _launcher;
    private OutputReader? _output;
    private IKeeperWishes? _wishes;
    private int _requests;

    /// <param name="channel">To the keeper.</param>
    /// <param name="keeper">Its process.</param>
    /// <param name="lost">Called when it has gone.</param>
    internal KeeperLink(MessageChannel channel, int keeper, Action lost) => (_channel, KeeperPid, _lost) = (channel, keeper, lost);

    /// <summary>The process that outlives this one: what a user stops, and what holds the folder's lock.</summary>
    public int KeeperPid { get; }

    /// <summary>This core is to take the place of one that still serves.</summary>
    public bool IsSuccessor { get; private set; }

    /// <summary>No other core has requests on the replicas. If one has, <see cref="IKeeperWishes.BecomeAlone"/> tells when it has gone.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Starts processes in the keeper.</summary>
    public ILauncher Launcher => _launcher ?? throw new InvalidOperationException("the keeper has not been greeted yet");

    /// <summary>Told which output was passed on for good.</summary>
    public IOutputReceipts Receipts => _output ?? throw new InvalidOperationException("the keeper has not been greeted yet");

    /// <summary>Keys of descriptors that are kept and were not taken up.</summary>
    public IReadOnlyList<string> HeldKeys => _inventory.Keys;

    /// <summary>A core whose keeper died before it could be asked to end with it: nobody has a use for it.</summary>
    public static bool IsOrphan(Func<string, string?> variables) => KeeperOf(variables) is { } keeper && Linux.Parent() != keeper;

    /// <summary>Null if this process is no core of a keeper's. Otherwise it dies with its keeper from here on.</summary>
    public static KeeperLink? Find(Func<string, string?> variables)
    {
        if (KeeperOf(variables) is not { } keeper)
            return null;
        Linux.DieWithParent(Signals.Kill);
        // It may have died before it could be asked for.
        if (Linux.Parent() != keeper)
            return null;
        Linux.CloseOnExec(ChildStart.ExtraDescriptor);
        // Without its keeper a core is nothing: what it started is being ended.
        return new(new(new SafeFileHandle(ChildStart.ExtraDescriptor, ownsHandle: true)), keeper, () => Environment.Exit(1));
    }

    private static int? KeeperOf(Func<string, string?> variables) =>
        OperatingSystem.IsLinux() && int.TryParse(variables(Keeping.KeeperProgram.CoreVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var keeper) ? keeper : null;

    /// <summary>Says hello and learns what is kept. Called once, before anything else.</summary>
    /// <param name="wishes">Told, from one thread and in order, what the keeper wants. Must not block.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">For what an operator of Mainstay itself must know, in one line each. Any thread; must not block.</param>
    public async Task GreetAsync(IKeeperWishes wishes, TimeProvider time, Action<string> warn)
    {
        _wishes = wishes;
        var welcome = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Listen(welcome)) { IsBackground = true, Name = "keeper" }.Start();
        Send(MessageKind.Hello, MessageBody.Of(Version));
        var message = await welcome.Task;
        using var body = message.Read();
        IsSuccessor = body.ReadBoolean();
        _output = new(message.Descriptors[0], time, warn);
        _launcher = new(this, _inventory, _output);
        foreach (var (id, status) in _ends)
            _launcher.OnEnded(id, status);
        var signal = body.ReadInt32();
        // An older keeper does not say it.
        IsAlone = body.BaseStream.Position < body.BaseStream.Length ? body.ReadBoolean() : !IsSuccessor;
        if (signal > 0)
            wishes.Stop(signal);
    }

    /// <summary>Where state is kept. Ends what an earlier run left behind; fails with a <see cref="LaunchException"/> if that still runs.</summary>
    public Task SettleAsync(string stateDirectory) => AskAsync(MessageKind.Home, request => MessageBody.Of(body =>
    {
        body.Write(request);
        body.Write(stateDirectory);
    }));

    /// <summary>A descriptor that is kept; the caller's from here on. Null if there is none of that key.</summary>
    public SafeFileHandle? Take(string key) => _inventory.Take(key);

    /// <summary>Keeps a descriptor beyond this process; the caller's stays the caller's.</summary>
    public void Hold(string key, SafeFileHandle descriptor) => _channel.TrySend(MessageKind.Hold, MessageBody.Of(key), descriptor);

    public void Release(string key)
    {
        // Told once more after an exchange that failed: as long as it is open anywhere, it is not gone.
        Take(key)?.Dispose();
        Send(MessageKind.Release, MessageBody.Of(key));
    }

    /// <summary>A file of that size, in memory, that a later core finds again with all that is in it; one of another size is made anew. Null when there is no memory.</summary>
    public SafeFileHandle? OpenFile(string key, long size)
    {
        if (Take(key) is { } kept)
        {
            if (RandomAccess.GetLength(kept) == size)
                return kept;
            kept.Dispose();
        }

        try
        {
            var file = Linux.MemoryFile(key, size);
            Hold(key, file);
            return file;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public byte[]? Read(string key) => _inventory.Note(key);

    public void Write(string key, ReadOnlySpan<byte> note)
    {
        var bytes = note.ToArray();
        lock (_noting)
        {
            _inventory.SetNote(key, bytes);
            Send(MessageKind.Note, MessageBody.Of(body =>
            {
                body.Write(key);
                body.WriteBytes(bytes);
            }));
        }
    }

    public void Notify(string text) => Send(MessageKind.Notify, MessageBody.Of(text));

    public void Serving() => Send(MessageKind.Serving, MessageBody.Empty);

    public void Alive() => Send(MessageKind.Alive, MessageBody.Empty);

    public void Prepared() => Send(MessageKind.Prepared, MessageBody.Empty);

    /// <summary>Reads no output and watches no process any more; then tells the keeper that another core may.</summary>
    public async Task HandOverAsync()
    {
        if (_output is { } output)
            await output.PauseAsync();
        _launcher?.LetGo();
        Send(MessageKind.HandedOver, MessageBody.Empty);
    }

    /// <summary>Asks for a core of another program in this one's place.</summary>
    public void Upgrade(IReadOnlyCollection<string> program) => Send(MessageKind.Upgrade, MessageBody.Of(body => body.WriteStrings(program)));

    /// <summary>A person asked for the end: should this core die before that, the next one goes on with it.</summary>
    public void StopAsked() => Send(MessageKind.StopAsked, MessageBody.Empty);

    /// <summary>Everything is to end, with this exit code.</summary>
    public void End(int exit) => Send(MessageKind.End, MessageBody.Of(exit));

    public void Dispose() => _channel.Close();

    internal void Send(MessageKind kind, ReadOnlyMemory<byte> body) => _channel.TrySend(kind, body);

    internal async Task<Message> AskAsync(MessageKind kind, Func<int, ReadOnlyMemory<byte>> body)
    {
        var request = Interlocked.Increment(ref _requests);
        var answer = _asked[request] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(kind, body(request));
        return await answer.Task;
    }

    internal ExitStatus? EndOf(int id) => _ends.TryGetValue(id, out var status) ? status : null;

    internal void Forget(int id)
    {
        _ends.TryRemove(id, out _);
        Send(MessageKind.Forget, MessageBody.Of(id));
    }

    private void Listen(TaskCompletionSource<Message> welcome)
    {
        var isComplete = true;
        while (_channel.Receive() is { } message)
        {
            if (message.Kind is MessageKind.Held or MessageKind.Process && isComplete)
            {
                _inventory.Clear();
                isComplete = false;
            }
            else if (message.Kind is MessageKind.Welcome or MessageKind.TakeOver)
            {
                isComplete = true;
            }

            Hear(message, welcome);
        }

        _lost();
    }

    private void Hear(Message message, TaskCompletionSource<Message> welcome)
    {
        using var body = message.Read();
        switch (message.Kind)
        {
            case MessageKind.Welcome:
                welcome.TrySetResult(message);
                break;
            case MessageKind.Held when message.Descriptors is [var descriptor]:
                _inventory.Add(body.ReadString(), descriptor);
                break;
            case MessageKind.Process:
                _inventory.Add(KeptEntry.Read(message));
                break;
            case MessageKind.Noted:
                _inventory.SetNote(body.ReadString(), body.ReadBytesWithLength());
                break;
            case MessageKind.Launched or MessageKind.Done when _asked.TryRemove(body.ReadInt32(), out var answer):
                answer.TrySetResult(message);
                break;
            case MessageKind.Refused when _asked.TryRemove(body.ReadInt32(), out var refused):
                refused.TrySetException(new LaunchException(body.ReadString()));
                break;
            case MessageKind.Exited:
                var (id, status) = (body.ReadInt32(), new ExitStatus(body.ReadInt32(), body.ReadInt32()));
                _ends[id] = status;
                _launcher?.OnEnded(id, status);
                break;
            case MessageKind.Stop:
                _wishes!.Stop(body.ReadInt32());
                break;
            case MessageKind.HandOver:
                _wishes!.HandOver();
                break;
            case MessageKind.TakeOver:
                _wishes!.TakeOver();
                break;
            case MessageKind.Leave:
                _wishes!.Leave();
                break;
            case MessageKind.Alone:
                _wishes!.BecomeAlone();
                break;
            case MessageKind.UpgradeFailed:
                _wishes!.UpgradeFailed(body.ReadString());
                break;
            default:
                message.CloseDescriptors();
                break;
        }
    }
}
