namespace Mainstay.Keeper.Tests;

/// <summary>
/// Tests beside which no other runs: they measure the whole process, or close a descriptor for good, which a child that another test is just
/// starting holds until it runs its own program.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
