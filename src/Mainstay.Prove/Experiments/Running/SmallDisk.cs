using Mainstay.Manifest.Model;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Resources;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>A folder of a service's replicas that lies on a small disk of each one's own: it can become full, and nobody else notices.</summary>
internal sealed class SmallDisk
{
    public const int Megabytes = 16;

    public const string Impossible = "no small disk can be made here: it takes root, or a kernel that lets users have namespaces of their own";

    private const string TemporaryVariable = "TMPDIR";

    private readonly FullDisk _disk;
    private readonly bool _isTemporary;

    private SmallDisk(FullDisk disk, bool isTemporary) => (_disk, _isTemporary) = (disk, isTemporary);

    /// <summary>Whether a folder is another one, or that one lies in it.</summary>
    public static bool Holds(string folder, string other) => !Path.GetRelativePath(folder, other).StartsWith("..", StringComparison.Ordinal);

    public string Text => _disk.Text;

    /// <param name="course">Whose laboratory holds the replicas' temporary folder.</param>
    /// <param name="service">Whose replicas.</param>
    /// <param name="folder">Absolute, and there already; what is in it is hidden from the replicas. Null: their temporary folder.</param>
    /// <returns>Null: it is impossible here.</returns>
    public static async Task<SmallDisk?> TryAsync(Course course, string service, string? folder = null)
    {
        var path = folder ?? Directory.CreateDirectory(course.Lab.Folder[$"disk-{service}"]).FullName;
        var disk = await FullDisk.ProbeAsync(path, Megabytes, course.Time);
        return disk.Way is DiskWay.MountNamespace or DiskWay.UserNamespace ? new(disk, folder is null) : null;
    }

    /// <summary>The service on it; it must be started anew.</summary>
    public ServiceSpec Under(ServiceSpec service) => service with
    {
        Command = _disk.Wrap(service.Command),
        Environment = _isTemporary ? service.Environment.SetItem(TemporaryVariable, _disk.Directory)
            // What is named in everybody's temporary folder may be found by that variable: the laboratory's own would lead elsewhere.
            : Holds(Path.GetTempPath(), _disk.Directory) && !service.Environment.ContainsKey(TemporaryVariable)
                ? service.Environment.SetItem(TemporaryVariable, Path.TrimEndingDirectorySeparator(Path.GetTempPath()))
            : service.Environment,
    };

    /// <summary>The evidence: bytes written until ENOSPC. Null, and recorded as trouble: it did not become full.</summary>
    public long? Fill(Course course, IEnumerable<ProcessId> replicas)
    {
        try
        {
            return replicas.Sum(_disk.Fill);
        }
        catch (IOException failed)
        {
            course.Trouble(failed.Message);
            return null;
        }
    }

    /// <summary>Makes room again, as far as replicas are left.</summary>
    public void Free(Course course, IEnumerable<ProcessId> replicas)
    {
        foreach (var replica in replicas.Where(replica => replica.IsAlive))
        {
            try
            {
                _disk.Free(replica);
            }
            catch (IOException failed) when (replica.IsAlive)
            {
                course.Trouble($"the disk of process {replica} could not be freed: {failed.Message}");
            }
            catch (IOException)
            {
                // It ended in this moment, and its disk with it.
            }
        }
    }
}
