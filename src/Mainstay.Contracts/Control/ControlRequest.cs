namespace Mainstay.Contracts.Control;

/// <param name="Version">See <see cref="ControlProtocol.Version"/>.</param>
/// <param name="Command">hello, status, deploy, rollback, scale, restart, logs, upgrade, stop.</param>
/// <param name="Services">Services named on the command line; null or empty: all.</param>
/// <param name="Replicas">For scale: the number wanted.</param>
/// <param name="Force">For deploy: roll services that did not change, too.</param>
/// <param name="Follow">For logs: go on until the client hangs up.</param>
/// <param name="SinceSeconds">For logs: only lines at most so old.</param>
/// <param name="Program">For upgrade: the words that start the new program.</param>
/// <param name="Variables">For deploy: values of the variables that the manifest names, from the caller's environment.</param>
public sealed record ControlRequest(
    int Version,
    string? Command,
    IReadOnlyList<string>? Services = null,
    int? Replicas = null,
    bool Force = false,
    bool Follow = false,
    double? SinceSeconds = null,
    IReadOnlyDictionary<string, string>? Variables = null,
    IReadOnlyList<string>? Program = null);
