using System.Net;
using System.Text.Json.Serialization;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Keeping;

/// <summary>
/// How the model's records are written and read, without reflection: a core that starts in place of a dead one reads them while
/// connections wait. A member without a default must be there, and null only where the model allows it.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(AddressConverter),
        typeof(NetworkConverter),
        typeof(UrlConverter),
        // Each map names its own; this one keeps the library's, which are slow to start, from being made besides.
        typeof(HeaderRulesConverter),
        typeof(ListConverter<string>),
        typeof(ListConverter<IPNetwork>),
        typeof(ListConverter<Uri>),
        typeof(ListConverter<ListenSpec>),
        typeof(ListConverter<ServiceSpec>),
        typeof(ListConverter<NeedSpec>),
        typeof(ListConverter<DependencySpec>),
        typeof(ListConverter<RouteSpec>),
        typeof(ListConverter<ExerciseSpec>),
        typeof(ChoiceConverter<UpstreamProtocol>),
        typeof(ChoiceConverter<PortKind>),
        typeof(ChoiceConverter<InheritKind>),
        typeof(ChoiceConverter<RoutePriority>),
        typeof(ChoiceConverter<ConcurrencyMode>),
        typeof(ChoiceConverter<RateLimitBy>),
    ])]
[JsonSerializable(typeof(ManifestSpec))]
internal sealed partial class SpecJson : JsonSerializerContext;
