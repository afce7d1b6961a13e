using System.Text;

namespace Mainstay.Cli.Terminal;

/// <summary>For commands that say something and end: every line is written before the call returns, none is lost.</summary>
internal sealed class DirectTerminal(IByteSink output, IByteSink error, Style outStyle, Style errorStyle) : ITerminal
{
    private readonly Lock _gate = new();

    public Style OutStyle => outStyle;

    public Style ErrorStyle => errorStyle;

    public bool Out(string line) => Write(output, line);

    public bool Error(string line) => Write(error, line);

    public static DirectTerminal ForThisProcess() => new(
        new StandardStream(1),
        new StandardStream(2),
        Style.For(Console.IsOutputRedirected, Environment.GetEnvironmentVariable),
        Style.For(Console.IsErrorRedirected, Environment.GetEnvironmentVariable));

    private bool Write(IByteSink sink, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_gate)
            return sink.Write(bytes);
    }
}
