using System.Collections.Immutable;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Keeping;

/// <summary>The inventory: processes with their output, descriptors, notes. One core at a time changes it. Belongs to the keeper's loop.</summary>
internal sealed class KeptThings(Systemd manager, Voice voice, TimeProvider time, Action<int, ExitStatus> ended) : IAsyncDisposable
{
    private readonly Holdings _holdings = Begin(manager, voice);
    private readonly SortedDictionary<int, KeptGroup> _groups = [];
    private ProcessHost? _host;
    private int _lastId;

    public ReaderPresence Reader { get; } = new();

    /// <summary>Rung when there is output to read.</summary>
    public SafeFileHandle Doorbell { get; } = Linux.Doorbell();

    public bool IsEmpty => _groups.Count == 0;

    /// <summary>Such as "2 processes run on".</summary>
    public string RunOn => Running == 1 ? "1 process runs on" : $"{Running} processes run on";

    public int Running => _groups.Values.Count(group => group.Ended is null);

    public async ValueTask ObeyAsync(Core core, Message message, BinaryReader body)
    {
        switch (message.Kind)
        {
            case MessageKind.Home:
                await SettleAsync(core, body.ReadInt32(), body.ReadString());
                break;
            case MessageKind.Hold when message.Descriptors.Length == 1:
                _holdings.Hold(body.ReadString(), message.Keep(0));
                break;
            case MessageKind.Release:
                _holdings.Release(body.ReadString());
                break;
            case MessageKind.Launch:
                await LaunchAsync(core, body.ReadInt32(), ReadSpec(body));
                break;
            case MessageKind.Signal:
                if (_groups.GetValueOrDefault(body.ReadInt32()) is { } signalled)
                    signalled.Process.Signal(body.ReadInt32());
                break;
            case MessageKind.Label:
                if (_groups.GetValueOrDefault(body.ReadInt32()) is { } labelled)
                    labelled.Label = body.ReadBytesWithLength();
                break;
            case MessageKind.Forget:
                if (body.ReadInt32() is var id && _groups.GetValueOrDefault(id) is { Ended: not null } gone)
                {
                    _groups.Remove(id);
                    gone.Dispose();
                }

                break;
            case MessageKind.Note:
                _holdings.Note(body.ReadString(), body.ReadBytesWithLength());
                break;
            case MessageKind.Notify:
                manager.Notify(body.ReadString());
                break;
        }
    }

    /// <summary>Everything, as it is now.</summary>
    public void TellAll(Core core)
    {
        foreach (var (key, descriptor) in _holdings.Descriptors)
            core.Send(MessageKind.Held, MessageBody.Of(key), descriptor);
        foreach (var group in _groups.Values)
            group.Tell(core);
        TellNotes(core);
    }

    public void TellNotes(Core core)
    {
        foreach (var (key, bytes) in _holdings.Notes)
        {
            core.Send(MessageKind.Noted, MessageBody.Of(body =>
            {
                body.Write(key);
                body.WriteBytes(bytes);
            }));
        }
    }

    /// <summary>The successor failed: what the old core let go of is its own again.</summary>
    public void HandBack(Core core)
    {
        TellAll(core);
        core.Send(MessageKind.TakeOver, MessageBody.Empty);
    }

    public void Ended(int id, ExitStatus status, Core? core)
    {
        if (_groups.GetValueOrDefault(id) is not { } group)
            return;
        group.Ended = status;
        if (core is not null)
            group.TellEnded(core);
    }

    public void SignalAll(int signal)
    {
        foreach (var group in _groups.Values)
            group.Process.Signal(signal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        foreach (var group in _groups.Values)
            group.Dispose();
        _holdings.Dispose();
        Doorbell.Dispose();
    }

    private static Holdings Begin(Systemd manager, Voice voice)
    {
        var holdings = new Holdings();
        var number = 0;
        foreach (var socket in manager.Sockets(voice.Say))
            holdings.Hold($"{Systemd.SocketKey}{number++}", socket);
        return holdings;
    }

    private async ValueTask SettleAsync(Core core, int request, string stateDirectory)
    {
        try
        {
            _host ??= new(stateDirectory, time, voice.Say);
            await _host.CleanUpAsync(CancellationToken.None);
            core.Send(MessageKind.Done, MessageBody.Of(request));
        }
        catch (LaunchException refused)
        {
            Refuse(core, request, refused.Message);
        }
    }

    private async ValueTask LaunchAsync(Core core, int request, LaunchSpec spec)
    {
        if (_host is not { } host)
        {
            Refuse(core, request, $"cannot start {spec.Name}: there is no state folder yet");
            return;
        }

        OutputRing? output = null, error = null;
        try
        {
            (output, error) = (new(Reader, Doorbell, time), new(Reader, Doorbell, time));
            var process = await host.LaunchAsync(spec, isError => isError ? error : output, CancellationToken.None);
            var group = new KeptGroup(++_lastId, spec.Name, process, output, error);
            _groups[group.Id] = group;
            group.TellLaunched(core, request);
            _ = TellEndAsync(group);
        }
        catch (Exception refused) when (refused is LaunchException or IOException)
        {
            output?.Dispose();
            error?.Dispose();
            Refuse(core, request, refused is LaunchException ? refused.Message : $"cannot start {spec.Name}: {refused.Message}");
        }
    }

    /// <summary>Never faults: nothing that it awaits does.</summary>
    private async Task TellEndAsync(KeptGroup group) => ended(group.Id, await group.Process.Exited);

    private static void Refuse(Core core, int request, string why) => core.Send(
        MessageKind.Refused,
        MessageBody.Of(body =>
        {
            body.Write(request);
            body.Write(why);
        }));

    private static LaunchSpec ReadSpec(BinaryReader body)
    {
        var name = body.ReadString();
        var command = body.ReadStrings();
        var directory = body.ReadString();
        var names = body.ReadStrings();
        var values = body.ReadStrings();
        return new(name, [.. command], directory, names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
    }
}
