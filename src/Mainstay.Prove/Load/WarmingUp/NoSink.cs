using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>Nobody asks how a warm-up went.</summary>
internal sealed class NoSink : ISampleSink
{
    public void Add(in Sample sample)
    {
    }

    public void Add(LoadSecond second)
    {
    }
}
