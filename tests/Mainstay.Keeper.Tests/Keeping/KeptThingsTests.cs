using System.Collections.Concurrent;
using System.Text;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Client;
using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Tests.Launching;
using Mainstay.Keeper.Tests.Messages;
using Mainstay.Keeper.Tests.Output;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>The inventory, with real processes, as cores ask for them and are told of them.</summary>
public sealed class KeptThingsTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-keeping-").FullName;
    private readonly BlockingCollection<(int Id, ExitStatus Status)> _ends = [];
    private readonly FakeCore _core = new();
    private readonly KeptThings _kept;

    public KeptThingsTests() =>
        _kept = new(new Systemd(_ => null), new Voice(TimeProvider.System), TimeProvider.System, (id, status) => _ends.Add((id, status)));

    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        _core.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_process_is_told_to_the_next_core_with_its_label_and_its_output()
    {
        await SettleAsync();
        var (id, pid) = await LaunchAsync("echo before; exec sleep 60");
        await SayAsync(MessageKind.Label, body =>
        {
            body.Write(id);
            body.WriteBytes("{\"label\":1}"u8);
        });
        using var next = new FakeCore();
        _kept.TellAll(next.Core);
        var told = KeptEntry.Read(next.Hear());
        Assert.Equal((id, pid, "web-1", null), (told.Id, told.Pid, told.Name, told.Ended));
        Assert.Equal("{\"label\":1}"u8, told.Label);
        Assert.Equal("before\n", await ReadAsync(told.Streams[0], 7));
        Assert.Equal(1, _kept.Running);
    }

    [Fact]
    public async Task The_end_of_a_process_is_known_until_a_core_forgets_it()
    {
        await SettleAsync();
        var (id, _) = await LaunchAsync("echo last; exit 3");
        Assert.True(_ends.TryTake(out var end, Workshop.Deadline));
        Assert.Equal((id, new ExitStatus(3, 0)), end);
        // Nobody was there to be told.
        _kept.Ended(id, end.Status, null);
        Assert.Equal((false, 0), (_kept.IsEmpty, _kept.Running));
        using (var next = new FakeCore())
        {
            _kept.TellAll(next.Core);
            var told = KeptEntry.Read(next.Hear());
            Assert.Equal(new ExitStatus(3, 0), told.Ended);
            Assert.Equal("last\n", await ReadAsync(told.Streams[0], 5));
        }

        await SayAsync(MessageKind.Forget, body => body.Write(id));
        Assert.True(_kept.IsEmpty);
    }

    [Fact]
    public async Task A_core_is_told_of_an_end_once_its_output_is_there()
    {
        await SettleAsync();
        var (id, _) = await LaunchAsync("exit 0");
        Assert.True(_ends.TryTake(out var end, Workshop.Deadline));
        _kept.Ended(id, end.Status, _core.Core);
        using var body = _core.Hear().Read();
        Assert.Equal((id, 0, 0), (body.ReadInt32(), body.ReadInt32(), body.ReadInt32()));
    }

    [Fact]
    public async Task One_that_runs_cannot_be_forgotten_and_unknown_ones_are_passed_over()
    {
        await SettleAsync();
        var (id, pid) = await LaunchAsync("exec sleep 60");
        await SayAsync(MessageKind.Forget, body => body.Write(id));
        foreach (var kind in new[] { MessageKind.Forget, MessageKind.Signal, MessageKind.Label })
        {
            await SayAsync(kind, body =>
            {
                body.Write(id + 1000);
                body.Write(Signals.Kill);
            });
        }

        _kept.Ended(id + 1000, default, _core.Core);
        Assert.True(Workshop.IsAlive(pid));
        Assert.Equal(1, _kept.Running);
        Assert.Empty(_core.HearAll());
    }

    [Fact]
    public async Task A_signal_reaches_the_process()
    {
        await SettleAsync();
        var (id, _) = await LaunchAsync("exec sleep 60");
        await SayAsync(MessageKind.Signal, body =>
        {
            body.Write(id);
            body.Write(Signals.Terminate);
        });
        Assert.True(_ends.TryTake(out var end, Workshop.Deadline));
        Assert.Equal(new ExitStatus(0, Signals.Terminate), end.Status);
    }

    [Fact]
    public async Task What_cannot_be_started_is_refused_in_one_line()
    {
        await SayLaunchAsync(7, "true");
        Assert.Equal((7, "cannot start web-1: there is no state folder yet"), HearRefused());
        await SettleAsync();
        await SayAsync(MessageKind.Launch, body => WriteLaunch(body, 8, "no-such-program-anywhere"));
        var (request, why) = HearRefused();
        Assert.Equal(8, request);
        Assert.StartsWith("command not found: no-such-program-anywhere (web-1)", why, StringComparison.Ordinal);
        await SayAsync(MessageKind.Launch, body => WriteLaunch(body, 9));
        Assert.Equal((9, "web-1 has an empty command"), HearRefused());
        Assert.True(_kept.IsEmpty);
    }

    [Fact]
    public async Task A_descriptor_is_kept_beyond_the_core_that_held_it()
    {
        using var witness = new Witness();
        using (var said = MessageBody.Of("listen/a").ToMessage(MessageKind.Hold, witness.Passed))
            await said.ObeyAsync(_kept, _core.Core);
        using var next = new FakeCore();
        _kept.TellAll(next.Core);
        var held = next.Hear();
        Assert.Equal(MessageKind.Held, held.Kind);
        Assert.True(witness.Is(Assert.Single(held.Descriptors)));
        held.CloseDescriptors();
        await SayAsync(MessageKind.Release, body => body.Write("listen/a"));
        Assert.True(witness.IsClosedEverywhere());
    }

    [Fact]
    public async Task A_hold_without_a_descriptor_or_with_two_holds_nothing()
    {
        using var one = new Witness();
        using var two = new Witness();
        using (var said = MessageBody.Of("key").ToMessage(MessageKind.Hold, one.Passed, two.Passed))
            await said.ObeyAsync(_kept, _core.Core);
        await SayAsync(MessageKind.Hold, body => body.Write("key"));
        using var next = new FakeCore();
        _kept.TellAll(next.Core);
        Assert.Empty(next.HearAll());
    }

    [Fact]
    public async Task To_hand_back_tells_everything_again()
    {
        await SayAsync(MessageKind.Note, body =>
        {
            body.Write("key");
            body.WriteBytes("note"u8);
        });
        _kept.HandBack(_core.Core);
        Assert.Equal([MessageKind.Noted, MessageKind.TakeOver], _core.HearAll());
    }

    private async Task SettleAsync()
    {
        await SayAsync(MessageKind.Home, body =>
        {
            body.Write(1);
            body.Write(Path.Combine(_folder, ".mainstay"));
        });
        Assert.Equal(MessageKind.Done, _core.Hear().Kind);
    }

    private async Task<(int Id, int Pid)> LaunchAsync(string script)
    {
        await SayLaunchAsync(2, "/bin/sh", "-c", script);
        var launched = _core.Hear();
        Assert.Equal(MessageKind.Launched, launched.Kind);
        launched.CloseDescriptors();
        using var body = launched.Read();
        Assert.Equal(2, body.ReadInt32());
        return (body.ReadInt32(), body.ReadInt32());
    }

    private Task SayLaunchAsync(int request, params string[] command) => SayAsync(MessageKind.Launch, body => WriteLaunch(body, request, command));

    private void WriteLaunch(BinaryWriter body, int request, params string[] command)
    {
        body.Write(request);
        body.Write("web-1");
        body.WriteStrings(command);
        body.Write(_folder);
        body.WriteStrings(["PATH"]);
        body.WriteStrings(["/usr/bin:/bin"]);
    }

    private async Task SayAsync(MessageKind kind, Action<BinaryWriter> write)
    {
        using var said = MessageBody.Of(write).ToMessage(kind);
        await said.ObeyAsync(_kept, _core.Core);
    }

    private (int Request, string Why) HearRefused()
    {
        var refused = _core.Hear();
        Assert.Equal(MessageKind.Refused, refused.Kind);
        using var body = refused.Read();
        return (body.ReadInt32(), body.ReadString());
    }

    private static async Task<string> ReadAsync(SafeFileHandle file, int length)
    {
        using var reader = new RingReader(file);
        var all = new List<byte>();
        await Workshop.Until(() =>
        {
            all.AddRange(reader.ReadAll().Bytes);
            return all.Count >= length;
        }, $"{length} bytes of output");
        return Encoding.UTF8.GetString([.. all]);
    }
}
