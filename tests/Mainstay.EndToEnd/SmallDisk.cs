using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A small disk in memory over a folder, unmounted at the end. Mounting needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <param name="folder">Is made if it is not there; what was in it is hidden meanwhile.</param>
    /// <param name="size">As mount(8) takes it: "256k".</param>
    /// <returns>Null: this user may not.</returns>
    public static async Task<SmallDisk?> MountAsync(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        return await RunsAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) ? new(folder) : null;
    }

    public async Task MakeReadOnlyAsync() => Assert.True(await RunsAsync("mount", "-o", "remount,ro", _folder), "the disk could not be made read-only");

    public async Task FillAsync()
    {
        var rest = new byte[4096];
        await using var file = new FileStream(Path.Combine(_folder, "rest"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var i = 0; i < 10_000; i++)
                await file.WriteAsync(rest);
        }
        catch (IOException)
        {
            return;
        }

        Assert.Fail("the disk did not become full");
    }

    public async ValueTask DisposeAsync() => Assert.True(await RunsAsync("umount", "--lazy", _folder), $"{_folder} could not be unmounted");

    private static async Task<bool> RunsAsync(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Tool.Exists(program))
            return false;
        using var run = RunningProgram.Start(program, arguments, "/");
        return await run.ExitAsync(Patience) == 0;
    }
}
