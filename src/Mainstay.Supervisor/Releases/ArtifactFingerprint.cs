using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Supervisor.Releases;

/// <summary>A fingerprint of a file or folder: names, modes, link targets and contents; never times, which every build changes.</summary>
internal static class ArtifactFingerprint
{
    /// <param name="artifact">Absolute path of a file or folder.</param>
    /// <param name="except">A folder that is left out, with all below it.</param>
    public static async Task<string> OfAsync(string artifact, string except, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        foreach (var entry in ArtifactTree.Walk(artifact, except))
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Kind}\0{entry.Relative}\0{entry.LinkTarget}\0{entry.Mode}\0{entry.Length}\0"));
            if (entry.Kind != ArtifactKind.File || entry.Length == 0)
                continue;
            await using var stream = new FileStream(entry.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);
            for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
                hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
