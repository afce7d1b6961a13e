using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Tests.Launching;
using Mainstay.Keeper.Tests.Output;

namespace Mainstay.Keeper.Tests.Client;

public sealed class KeeperLauncherTests : IDisposable
{
    private static readonly LaunchSpec Spec = new("web-1", ["node", "server.js"], "/srv", new Dictionary<string, string> { ["PORT"] = "80" });

    private readonly FakeKeeper _keeper = new();
    private readonly RecordedOutput _output = new();

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task A_process_is_launched_read_and_forgotten_when_all_its_output_was_passed_on()
    {
        await _keeper.GreetAsync();
        var sink = new Receipts(_keeper);
        var process = await LaunchAsync(1, sink);
        Assert.Equal(1001, process.Pid);
        _keeper.Write(1, "hello\nwor");
        await Workshop.Until(() => sink.Texts.Length == 1, "a line");
        _keeper.Write(1, "ld");
        _keeper.End(1, new(3, 0));
        Assert.Equal(new ExitStatus(3, 0), await process.Exited.WaitAsync(Workshop.Deadline));
        Assert.Equal(["hello", "world"], sink.Texts);
        using var body = _keeper.Hear(MessageKind.Forget).Read();
        Assert.Equal(1, body.ReadInt32());
    }

    [Fact]
    public async Task A_process_that_ended_before_the_core_knew_it_has_ended()
    {
        await _keeper.GreetAsync();
        _keeper.End(1, new(0, Signals.Kill));
        var process = await LaunchAsync(1, _output);
        Assert.Equal(new ExitStatus(0, Signals.Kill), await process.Exited.WaitAsync(Workshop.Deadline));
    }

    [Fact]
    public async Task Signals_and_labels_are_passed_on_in_order()
    {
        await _keeper.GreetAsync();
        var process = await LaunchAsync(4, _output);
        process.Label([1, 2]);
        process.Signal(15);
        using var label = _keeper.Hear(MessageKind.Label).Read();
        Assert.Equal(4, label.ReadInt32());
        Assert.Equal([1, 2], label.ReadBytesWithLength());
        using var signal = _keeper.Hear(MessageKind.Signal).Read();
        Assert.Equal((4, 15), (signal.ReadInt32(), signal.ReadInt32()));
    }

    [Fact]
    public async Task A_kept_process_is_adopted_once_and_its_output_goes_on_where_the_last_core_had_finished_with_it()
    {
        _keeper.Write(5, "shown\nnot shown\n");
        using (var before = Writer.ReaderOf(_keeper.FileOf(5)))
            before.Taken(6);
        _keeper.Keep(5, "web-1", []);
        await _keeper.GreetAsync();
        var kept = Assert.Single(_keeper.Link.Launcher.Kept);
        var process = kept.Adopt(_output);
        Assert.Equal(1005, process.Pid);
        await Workshop.Until(() => _output.Lines.Length > 0, "a line");
        Assert.Equal(["not shown"], _output.Texts);
        Assert.Throws<InvalidOperationException>(() => kept.Adopt(_output));
        Assert.Empty(_keeper.Link.Launcher.Kept);
    }

    [Fact]
    public async Task A_kept_process_that_has_ended_is_adopted_with_its_last_words()
    {
        _keeper.Write(5, "last words");
        _keeper.Keep(5, "web-1", [], new(0, Signals.Kill));
        await _keeper.GreetAsync();
        var process = Assert.Single(_keeper.Link.Launcher.Kept).Adopt(_output);
        Assert.Equal(new ExitStatus(0, Signals.Kill), await process.Exited.WaitAsync(Workshop.Deadline));
        Assert.Equal(["last words"], _output.Texts);
    }

    [Fact]
    public async Task A_core_that_hands_over_reads_nothing_more_and_notes_nothing_more()
    {
        await _keeper.GreetAsync();
        _ = await LaunchAsync(1, _output);
        _keeper.Write(1, "one\n");
        await Workshop.Until(() => _output.Lines.Length == 1, "a line");
        await _keeper.Link.HandOverAsync().WaitAsync(Workshop.Deadline);
        Assert.Equal(MessageKind.HandedOver, _keeper.Hear().Kind);
        _keeper.Write(1, "two\n");
        _keeper.Link.Receipts.Taken(new(2, 4));
        using var next = Writer.ReaderOf(_keeper.FileOf(1));
        Assert.Equal(0, next.Position);
        Assert.Equal(["one"], _output.Texts);
    }

    [Fact]
    public async Task What_was_handed_over_and_comes_back_goes_on()
    {
        await _keeper.GreetAsync();
        _ = await LaunchAsync(1, _output);
        await _keeper.Link.HandOverAsync().WaitAsync(Workshop.Deadline);
        Assert.Equal(MessageKind.HandedOver, _keeper.Hear().Kind);
        _keeper.Write(1, "meanwhile\n");
        _keeper.Keep(1, "web-1", []);
        _keeper.TakeOver();
        Assert.Equal("take over", _keeper.NextWish());
        var process = Assert.Single(_keeper.Link.Launcher.Kept).Adopt(_output);
        await Workshop.Until(() => _output.Lines.Length == 1, "the line of meanwhile");
        _keeper.End(1, new(1, 0));
        Assert.Equal(new ExitStatus(1, 0), await process.Exited.WaitAsync(Workshop.Deadline));
    }

    [Fact]
    public async Task A_process_that_ends_while_it_is_handed_over_has_ended_for_whoever_takes_it_back()
    {
        await _keeper.GreetAsync();
        using var busy = new Busy();
        var before = await LaunchAsync(1, busy);
        _keeper.Write(1, "line\n");
        busy.Reached.Wait(Workshop.Deadline);
        var handing = _keeper.Link.HandOverAsync();
        // Told to read nothing more, and then of the end, before it can do either.
        _keeper.End(1, new(9, 0));
        _keeper.Say(MessageKind.Leave, _ => { });
        Assert.Equal("leave", _keeper.NextWish());
        busy.Release.Set();
        await handing.WaitAsync(Workshop.Deadline);
        Assert.Equal(MessageKind.HandedOver, _keeper.Hear().Kind);
        Assert.False(before.Exited.IsCompleted);

        _keeper.Keep(1, "web-1", [], new(9, 0));
        _keeper.TakeOver();
        Assert.Equal("take over", _keeper.NextWish());
        var again = Assert.Single(_keeper.Link.Launcher.Kept).Adopt(_output);
        Assert.Equal(new ExitStatus(9, 0), await again.Exited.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private async Task<IProcess> LaunchAsync(int id, IOutputSink sink)
    {
        var launching = _keeper.Link.Launcher.LaunchAsync(Spec, sink, CancellationToken.None).AsTask();
        _keeper.Launch(id);
        return await launching.WaitAsync(Workshop.Deadline);
    }

    /// <summary>Holds the thread that reads output up.</summary>
    private sealed class Busy : IOutputSink, IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public void Write(in ProcessLine line)
        {
            Reached.Set();
            Release.Wait(Workshop.Deadline);
        }

        public void Dispose()
        {
            Reached.Dispose();
            Release.Dispose();
        }
    }

    /// <summary>Passes each line on for good at once.</summary>
    private sealed class Receipts(FakeKeeper keeper) : IOutputSink
    {
        private readonly RecordedOutput _recorded = new();

        public string[] Texts => _recorded.Texts;

        public void Write(in ProcessLine line)
        {
            _recorded.Write(line);
            keeper.Link.Receipts.Taken(line.Position);
        }
    }
}
