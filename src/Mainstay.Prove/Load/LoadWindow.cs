namespace Mainstay.Prove.Load;

/// <summary>The requests that ended within one second, all streams together. Those that were cut off do not count.</summary>
/// <param name="At">Start of the second, microseconds since the history's start.</param>
/// <param name="Count">Requests that ended in it.</param>
/// <param name="Failures">Those without a good answer.</param>
/// <param name="Shed">Those of the failures that were refused on purpose: 503 or 429 with Retry-After.</param>
/// <param name="Median">Seconds of latency, from when they were due; 0 without requests. To about 1 %, as the others.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
internal sealed record LoadWindow(long At, int Count, int Failures, int Shed, double Median, double P95, double P99);
