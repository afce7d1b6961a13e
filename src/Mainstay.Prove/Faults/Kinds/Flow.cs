namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Which way bytes go through a proxy.</summary>
[Flags]
internal enum Flow
{
    None = 0,

    /// <summary>From the client to the upstream.</summary>
    Upstream = 1,

    /// <summary>From the upstream to the client.</summary>
    Downstream = 2,

    Both = Upstream | Downstream,
}
