using Mainstay.Manifest.Shapes;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>A kind of fault as it is written.</summary>
/// <param name="Word">Under <c>kind</c>.</param>
/// <param name="Fields">Its own keys.</param>
/// <param name="Needed">Those of them that must be written.</param>
/// <param name="Make">From what was written.</param>
/// <param name="Lasts">Whether it can be told how long.</param>
internal sealed record FaultKind(string Word, Field[] Fields, Field[] Needed, Func<Section, OwnFault> Make, bool Lasts = true);
