using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Terminal;

/// <summary>Puts the source's name in front of a line, padded to the longest name seen: <c>web-1 | listening</c>.</summary>
internal sealed class Prefix
{
    private volatile int _width;

    public string Apply(OutputLine line, Style style)
    {
        if (line.Source.Length > _width)
            _width = line.Source.Length;
        return style.Source(line.Source, $"{line.Source.PadRight(_width)} |") + " " + style.Foreign(line.Text);
    }
}
