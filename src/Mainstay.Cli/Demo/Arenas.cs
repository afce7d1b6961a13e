namespace Mainstay.Cli.Demo;

/// <summary>Those of one round: made together, gone together.</summary>
internal sealed class Arenas : IAsyncDisposable
{
    private readonly List<Arena> _all = [];

    /// <param name="arenas">Made here, one by one.</param>
    public Arenas(IEnumerable<Arena> arenas) => _all.AddRange(arenas);

    public IReadOnlyList<Arena> All => _all;

    public async ValueTask DisposeAsync() => await Task.WhenAll(_all.Select(arena => arena.DisposeAsync().AsTask()));
}
