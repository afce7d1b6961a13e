using System.Collections.Immutable;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Demo;

/// <summary>Who stands at the start, and who is missing.</summary>
/// <param name="Contenders">Of <see cref="Known"/>.</param>
/// <param name="Missing">In one line each: who, and what to install.</param>
internal sealed record Line(ImmutableArray<string> Contenders, ImmutableArray<string> Missing)
{
    public const string Mainstay = "mainstay";
    public const string Nginx = "nginx";
    public const string Pm2 = "pm2";
    public const string Loop = "loop";

    private const string WithoutNginx = "nginx is not installed (Debian: apt-get install nginx)";
    private const string WithoutPm2 = "PM2 is not installed (it needs Node: npm install --global pm2)";

    public static ImmutableArray<string> Known { get; } = [Mainstay, Nginx, Pm2, Loop];

    /// <summary>PM2's cluster mode runs nothing but Node, and the app is the same for all.</summary>
    public bool NeedsNode => Contenders.Contains(Pm2);

    /// <exception cref="CommandFailure">Somebody was asked for who is not installed.</exception>
    public static Line Of(ImmutableArray<string> asked, Installed installed)
    {
        if (asked.IsEmpty)
            return Usual(installed);
        foreach (var name in asked)
        {
            if (Lacks(name, installed) is { } lack)
                throw CommandFailure.Failed($"{name} cannot take part: {lack}");
        }
        return new(asked, []);
    }

    private static Line Usual(Installed installed)
    {
        string[] peers = [Nginx, Pm2];
        var there = peers.Where(name => Lacks(name, installed) is null).ToList();
        // Something to compare with is there in any case.
        if (there.Count == 0)
            there.Add(Loop);
        return new([Mainstay, .. there], [.. peers.Select(name => Lacks(name, installed)).OfType<string>().Distinct()]);
    }

    private static string? Lacks(string name, Installed installed) => name switch
    {
        Nginx => installed.Nginx is null ? WithoutNginx : null,
        Pm2 => installed.Nginx is null ? WithoutNginx
            : installed.Node is null || installed.Pm2 is null || installed.Pm2Runtime is null ? WithoutPm2 : null,
        _ => null,
    };
}
