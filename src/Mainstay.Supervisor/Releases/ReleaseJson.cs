using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Releases;

/// <summary>The files of a release store, without reflection: they are read while a start waits. A file that lacks a member counts as damaged.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SpecConverter<ServiceSpec>), typeof(SpecConverter<ImmutableArray<DependencySpec>>)])]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(ReleaseLedger))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
