namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Tests that want the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
