using System.Text;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Tests.Terminal;

/// <summary>A terminal that can be stalled, and closed.</summary>
internal sealed class FakeSink : IByteSink, IDisposable
{
    private readonly ManualResetEventSlim _open = new(true);
    private readonly StringBuilder _text = new();
    private readonly ManualResetEventSlim _reached = new(false);

    public bool Closed { get; set; }

    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public void Stall()
    {
        _reached.Reset();
        _open.Reset();
    }

    /// <summary>Until a write hangs in here.</summary>
    public bool AwaitStalledWriter() => _reached.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public void Resume() => _open.Set();

    public bool Write(ReadOnlySpan<byte> bytes)
    {
        _reached.Set();
        _open.Wait();
        if (Closed)
            return false;
        lock (_text)
            _text.Append(Encoding.UTF8.GetString(bytes));
        return true;
    }

    public void Dispose()
    {
        _open.Set();
        _reached.Dispose();
    }
}
