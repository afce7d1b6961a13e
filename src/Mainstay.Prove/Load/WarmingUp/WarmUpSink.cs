using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>Nobody asks how a warm-up went, but the real sinks are to be warm, too.</summary>
internal sealed class WarmUpSink(IReadOnlyList<StreamSpec> streams) : ISampleSink
{
    private readonly LatencySummary _summary = new(streams);
    private readonly SampleLog _log = new(most: 16_000);

    public void Add(in Sample sample)
    {
        _summary.Add(sample);
        _log.Add(sample);
    }

    public void Add(LoadSecond second)
    {
        _summary.Add(second);
        _log.Add(second);
    }
}
