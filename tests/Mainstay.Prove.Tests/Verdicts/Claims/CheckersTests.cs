using System.Reflection;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class CheckersTests
{
    [Fact]
    public void Every_claim_has_its_checker()
    {
        var claims = typeof(Checkers).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Checkers).Namespace && type.GetMethod("Expect", BindingFlags.Static | BindingFlags.Public) is not null)
            .Select(type => (string)type.GetField("Name")!.GetRawConstantValue()!).Order().ToList();
        Assert.Equal(17, claims.Count);
        Assert.Equal(claims, Checkers.Names.Order());
    }
}
