using System.Text.Json.Serialization;

namespace Mainstay.Prove.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReportJson.Root))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
