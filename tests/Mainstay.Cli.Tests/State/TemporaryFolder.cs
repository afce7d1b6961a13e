namespace Mainstay.Cli.Tests.State;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mainstay-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
