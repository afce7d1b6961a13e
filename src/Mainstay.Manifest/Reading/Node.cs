using System.Text;

namespace Mainstay.Manifest.Reading;

/// <summary>A value of the YAML text. It knows where it was written, so that a finding about it can say so, even when it is used through an alias.</summary>
internal abstract class Node(Position position, Node? parent, string label)
{
    public Position Position { get; } = position;

    /// <summary>Values this one stands for, itself included, with every alias counted as often as it is used.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What a user calls this sort of value.</summary>
    public abstract string Kind { get; }

    /// <summary>Such as <c>routes[2].timeout</c>; worked out only when a finding needs it.</summary>
    public string Path
    {
        get
        {
            var labels = new Stack<string>();
            for (var node = this; node is not null; node = node.Parent)
                labels.Push(node.Label);
            var path = new StringBuilder();
            foreach (var part in labels)
            {
                if (path.Length > 0 && part.Length > 0 && part[0] != '[')
                    path.Append('.');
                path.Append(part);
            }
            return path.ToString();
        }
    }

    protected internal Node? Parent { get; } = parent;

    protected internal string Label { get; } = label;

    /// <summary>How a key is written in a path.</summary>
    public static string LabelOf(string key) =>
        key.Length is > 0 and <= 64 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/') ? key : $"[{Shown.Text(key)}]";
}
