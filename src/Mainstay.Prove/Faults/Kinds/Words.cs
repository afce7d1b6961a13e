namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Quantities as the faults' texts show them.</summary>
internal static class Words
{
    public static string Of(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.###} s" : $"{time.TotalMilliseconds:0.###} ms";

    public static string Bytes(double bytes) => bytes switch
    {
        >= 1 << 20 => $"{bytes / (1 << 20):0.#} MiB",
        >= 1 << 10 => $"{bytes / (1 << 10):0.#} KiB",
        _ => $"{bytes:0} bytes",
    };
}
