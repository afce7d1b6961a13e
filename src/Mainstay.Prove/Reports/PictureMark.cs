using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Reports;

/// <summary>A happening that is drawn across the picture; its letter stands in the list too.</summary>
internal sealed record PictureMark(Happening Happening, string Letter, string Tone)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>What was done is drawn as a fault, what got better as a recovery.</summary>
    private static readonly Dictionary<string, string> Tones = new()
    {
        [Happening.Kinds.FaultOn] = "fault",
        [Happening.Kinds.Killed] = "fault",
        [Happening.Kinds.Frozen] = "fault",
        [Happening.Kinds.Asked] = "fault",
        [Happening.Kinds.ReplicaDied] = "fault",
        [Happening.Kinds.ReplicaGivenUp] = "fault",
        [Happening.Kinds.NearLimit] = "fault",
        [Happening.Kinds.StopFailed] = "fault",
        [Happening.Kinds.FaultOff] = "recovery",
        [Happening.Kinds.Thawed] = "recovery",
        [Happening.Kinds.FullStrength] = "recovery",
        [Happening.Kinds.Accepting] = "recovery",
        [Happening.Kinds.OperationDone] = "recovery",
        [Happening.Kinds.OperationHalted] = "recovery",
    };

    public static IEnumerable<PictureMark> Of(IEnumerable<Happening> happenings) => happenings
        .Where(happening => Tones.ContainsKey(happening.Kind))
        .Select((happening, index) => new PictureMark(happening, LetterOf(index), Tones[happening.Kind]));

    /// <summary>a–z, then a2, b2 …</summary>
    private static string LetterOf(int index) => index < Letters.Length ? $"{Letters[index]}" : $"{Letters[index % Letters.Length]}{(index / Letters.Length) + 1}";
}
