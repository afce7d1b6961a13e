namespace Mainstay.Prove.Tests;

/// <summary>Tests beside which no other runs: what they measure would be disturbed, or they disturb the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
