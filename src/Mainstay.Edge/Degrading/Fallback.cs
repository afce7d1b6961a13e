using Mainstay.Manifest.Model;
using Mainstay.Manifest.Values;

namespace Mainstay.Edge.Degrading;

/// <summary>What a route answers in place of an error; its file is read once, when the manifest is applied.</summary>
/// <param name="Status">200–599.</param>
/// <param name="Body">Null: none.</param>
/// <param name="ContentType">Of the body; null: none.</param>
internal sealed record Fallback(int Status, byte[]? Body, string? ContentType)
{
    /// <summary>Reads it; a file that has gone since the manifest was checked leaves the status alone, and is told.</summary>
    public static Fallback? Read(RouteSpec route, EdgeEvents events)
    {
        if (route.Fallback is not { } spec)
            return null;
        if (spec.File is null)
            return new(spec.Status, null, null);
        try
        {
            return new(spec.Status, FallbackFile.Read(spec.File), spec.ContentType);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            events.Warn(route.Display, $"its fallback {spec.File} cannot be read ({error.Message}): only its status {spec.Status} is answered");
            return new(spec.Status, null, null);
        }
    }
}
