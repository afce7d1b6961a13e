namespace Mainstay.Architecture.Tests.Shapes;

public sealed class ShapeTests
{
    private static IEnumerable<Type> Written => Assemblies.Ours.SelectMany(Assemblies.WrittenTypes);

    [Fact]
    public void Constructors_take_at_most_six_things() => Rule.Holds(Written.SelectMany(ShapeRules.TooManyDependencies));

    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them()
    {
        var all = Written.ToList();
        Assert.NotEmpty(all);
        Rule.Holds(all.SelectMany(type => ShapeRules.OpenWithoutReason(type, all)));
    }

    [Fact]
    public void Types_are_internal_unless_listed() => Rule.Holds(Written.SelectMany(ShapeRules.PublicWithoutDecision));

    [Fact]
    public void The_checks_notice_violations()
    {
        Assert.NotEmpty(ShapeRules.TooManyDependencies(typeof(Greedy)));
        Assert.NotEmpty(ShapeRules.OpenWithoutReason(typeof(Open), [typeof(Open), typeof(Sealed)]));
        Assert.NotEmpty(ShapeRules.PublicWithoutDecision(typeof(ShapeTests)));
    }

    [Fact]
    public void The_checks_let_good_shapes_pass()
    {
        Assert.Empty(ShapeRules.TooManyDependencies(typeof(Wide)));
        Assert.Empty(ShapeRules.TooManyDependencies(typeof(Sealed)));
        Assert.Empty(ShapeRules.OpenWithoutReason(typeof(Base), [typeof(Base), typeof(Sealed)]));
        Assert.Empty(ShapeRules.OpenWithoutReason(typeof(Generic<>), [typeof(Generic<>), typeof(Closed)]));
        Assert.Empty(ShapeRules.PublicWithoutDecision(typeof(Sealed)));
    }

    private sealed class Greedy(int a, int b, int c, int d, int e, int f, int g)
    {
        public int Sum { get; } = a + b + c + d + e + f + g;
    }

    private sealed record Wide(int A, int B, int C, int D, int E, int F, int G);

    private class Open
    {
        /// <summary>Keeps the compiler from asking for what the rule under test asks for.</summary>
        protected sealed class Derived : Open;
    }

    private class Base;

    private sealed class Sealed : Base;

    private class Generic<T>
    {
        public T? Value { get; set; }
    }

    private sealed class Closed : Generic<int>;
}
