using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Mainstay.Prove.Experiments.Blocking.Managed;

/// <summary>Files and lines of methods, from the portable symbols beside a module or in it. Not thread-safe.</summary>
internal sealed class SourceLines : IDisposable
{
    private readonly Dictionary<string, MetadataReaderProvider?> _symbols = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var symbols in _symbols.Values)
            symbols?.Dispose();
    }

    /// <param name="module">Path of the assembly.</param>
    /// <param name="token">Of the method.</param>
    /// <param name="offset">Into its intermediate code; below 0: unknown, where it begins.</param>
    /// <returns>Null: there are no symbols, or they do not know the method.</returns>
    public (string File, int Line)? Find(string module, int token, int offset)
    {
        try
        {
            if (Symbols(module)?.GetMetadataReader() is not { } reader || MetadataTokens.EntityHandle(token) is not { Kind: HandleKind.MethodDefinition } method)
                return null;
            var points = reader.GetMethodDebugInformation(((MethodDefinitionHandle)method).ToDebugInformationHandle()).GetSequencePoints()
                .Where(point => !point.IsHidden).ToList();
            if (points.Count == 0)
                return null;
            var point = points.LastOrDefault(point => point.Offset <= offset);
            point = point.Document.IsNil ? points[0] : point;
            return (reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine);
        }
        catch (Exception damaged) when (damaged is BadImageFormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private MetadataReaderProvider? Symbols(string module)
    {
        if (!_symbols.TryGetValue(module, out var known))
            _symbols[module] = known = Open(module);
        return known;
    }

    private static MetadataReaderProvider? Open(string module)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(module));
            return image.TryOpenAssociatedPortablePdb(module, path => File.Exists(path) ? File.OpenRead(path) : null, out var symbols, out _) ? symbols : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null;
        }
    }
}
