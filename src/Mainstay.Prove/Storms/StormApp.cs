using System.Collections.Immutable;

namespace Mainstay.Prove.Storms;

/// <summary>
/// The app that all contenders run. It listens on <c>PORT</c>, asks <c>PRICES_URL</c>, and notes each order that it carries out in a file of its own in
/// <c>ORDERS</c>. A worker has 2 places of 20 ms: 100 requests/s.
/// </summary>
/// <param name="Name">How it is called in the table.</param>
/// <param name="Command">Starts it in the folder that holds its code.</param>
/// <param name="File">Its code is one file.</param>
/// <param name="Good">What stands in it.</param>
/// <param name="Bad">A release that cannot start: a file that it needs was forgotten.</param>
internal sealed record StormApp(string Name, ImmutableArray<string> Command, string File, string Good, string Bad)
{
    /// <summary>For Node: the only one that PM2's cluster mode can run.</summary>
    public static StormApp Node(string node)
    {
        using var stream = typeof(StormApp).Assembly.GetManifestResourceStream("storm-app.js")!;
        using var reader = new StreamReader(stream);
        return new("Node", [node, "app.js"], "app.js", reader.ReadToEnd(), "'use strict';\nrequire('./prices-v2');\n");
    }

    /// <summary>A program that is at hand, started by a shell.</summary>
    public static StormApp Program(string name, IReadOnlyList<string> words) => new(
        name, ["/bin/sh", "run"], "run", $"exec {string.Join(' ', words.Select(Quoted))}\n", "exec ./prices-v2\n");

    /// <summary>Puts a release in place; nobody sees half of it.</summary>
    public void Write(string folder, bool good)
    {
        var path = Path.Combine(folder, File);
        System.IO.File.WriteAllText(path + ".new", good ? Good : Bad);
        System.IO.File.Move(path + ".new", path, overwrite: true);
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
