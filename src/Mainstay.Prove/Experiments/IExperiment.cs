using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Experiments;

/// <summary>One way to break something. It only does and records; what that means is judged later, from the record.</summary>
internal interface IExperiment
{
    string Name { get; }

    /// <summary>One of <see cref="Pillars"/>.</summary>
    string Pillar { get; }

    /// <summary>What it does to a subject, for the announcement: "kills one replica of web with SIGKILL, again and again".</summary>
    string Does(string subject);

    /// <summary>What it applies to, for when there is none of it: "services that are exercised".</summary>
    string AppliesTo => "routes that can be exercised";

    /// <summary>What it applies to, in the order of the manifest; empty: nothing here.</summary>
    IEnumerable<Subject> Subjects(Scope scope);

    /// <summary>What of the load it sends; all of it unless it says otherwise.</summary>
    Scope Narrow(Scope scope) => scope;

    /// <summary>How long it takes for one subject if all goes well.</summary>
    TimeSpan Length(Scope scope);

    /// <summary>Writes down what it expects, then breaks, watches and mends. What it broke is mended also when it is cancelled.</summary>
    Task RunAsync(Course course, CancellationToken cancel);
}

/// <param name="Name">A service or a dependency; empty: all.</param>
/// <param name="Refusal">Why it is not done; null: it is.</param>
internal sealed record Subject(string Name, string? Refusal = null);

/// <summary>What the parts of the product are called in reports.</summary>
internal static class Pillars
{
    public const string All = "all";
    public const string Resilience = "resilience";
    public const string Lifecycle = "lifecycle";
    public const string Platform = "platform";
    public const string Security = "security";
    public const string Scalability = "scalability";
}
