namespace Mainstay.Prove.Recording;

/// <summary>Takes what the load generator saw. Called by its one loop, in the order in which requests end; must not block.</summary>
internal interface ISampleSink
{
    void Add(in Sample sample);

    /// <summary>A second is over: what the generator says of itself.</summary>
    void Add(LoadSecond second);
}
