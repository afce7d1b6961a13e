using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Tests.Faults.Proxy.Http;

public sealed class UsualRepeatsTests
{
    [Fact]
    public void What_was_never_seen_is_asked_once() => Assert.Equal((1, 0), (UsualRepeats.None.Of(Post("/a")), UsualRepeats.None.Exceptions));

    [Fact]
    public void Each_target_has_its_own()
    {
        var usual = new UsualRepeats([.. Asked("/graphql", 30, 3), .. Asked("/count", 30, 1)]);
        Assert.Equal((3, 1), (usual.Of(Post("/graphql")), usual.Of(Post("/count"))));
    }

    [Fact]
    public void Targets_that_are_new_each_time_are_as_their_method()
    {
        var usual = new UsualRepeats([.. Enumerable.Range(0, 30).SelectMany(order => Asked($"/orders/{order}/items", 1, 2)), .. Asked("/orders", 30, 1)]);
        Assert.Equal((2, 2, 1), (usual.Of(Post("/orders/7/items")), usual.Of(Post("/orders/77/items")), usual.Of(Post("/orders"))));
        Assert.Equal(1, usual.Of(new("PATCH", "/orders/7/items", "")));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(60, 2)]
    public void A_single_one_is_an_exception_and_two_of_a_hundred_are_not(int twice, int usual) =>
        Assert.Equal(usual, new UsualRepeats([.. Asked("/a", 100 - twice, 1), .. Asked("/a", twice, 2)]).Of(Post("/a")));

    [Fact]
    public void Exceptions_are_told() => Assert.Equal(2 / 102.0, new UsualRepeats([.. Asked("/a", 99, 1), .. Asked("/a", 1, 3)]).Exceptions, 9);

    private static IEnumerable<(SeenRequest, int)> Asked(string target, int requests, int times) => Enumerable.Repeat((Post(target), times), requests);

    private static SeenRequest Post(string target) => new("POST", target, "");
}
