using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>Files and folders that the manifest names must be there, or be made by the build.</summary>
internal static class Files
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services.Where(service => !service.Spec.IsExternal))
        {
            var (spec, text) = (service.Spec, service.Text);
            if (text.TryGet(ServiceKeys.Directory, out _) && !Directory.Exists(spec.Directory))
                findings.Error(text.At(ServiceKeys.Directory), File.Exists(spec.Directory) ? "is a file; name a folder" : $"there is no folder {Shown.Text(spec.Directory, 200)}; create it or correct the path (relative to the manifest)");
            if (spec.EnvironmentFile is { } file && !File.Exists(file))
                findings.Error(text.At(ServiceKeys.EnvironmentFile), Directory.Exists(file) ? "is a folder; name a file" : $"there is no file {Shown.Text(file, 200)}; create it or correct the path (relative to the manifest)");
            if (spec.Deploy.Artifact is not null)
                CheckArtifact(draft, service, spec.Deploy.Artifact, findings);
        }
    }

    private static void CheckArtifact(Draft draft, ServiceDraft service, string artifact, FindingList findings)
    {
        var place = service.Text.Sub(ServiceKeys.Deploy).At(ServiceKeys.Artifact);
        var folder = draft.Spec.Directory;
        if (folder == artifact || folder.StartsWith(Path.EndsInDirectorySeparator(artifact) ? artifact : artifact + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            findings.Error(place, "contains the manifest's own folder, and with it .mainstay where releases are kept; build into a folder of its own");
        else if (service.Spec.Deploy.Build.IsEmpty && !service.Text.Sub(ServiceKeys.Deploy).IsWritten(ServiceKeys.Build) && !Path.Exists(artifact))
            findings.Error(place, $"there is no {Shown.Text(artifact, 200)} and no build makes it; add build: …, or correct the path (relative to the service's folder)");
    }
}
