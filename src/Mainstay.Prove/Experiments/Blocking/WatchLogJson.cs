using System.Text.Json.Serialization;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>One line of a watch's file.</summary>
internal sealed record WatchLine(string Kind, long At, double Seconds, double Ran, double Waited, int Beats, string? Text, WatchFrame[]? Stack);

internal sealed record WatchFrame(string? Function, string? Url, int Line);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WatchLine))]
internal sealed partial class WatchLogJson : JsonSerializerContext;
