namespace Mainstay.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with every violation, whole.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var all = violations.Distinct().ToList();
        if (all.Count > 0)
            Assert.Fail(string.Join('\n', all));
    }
}
