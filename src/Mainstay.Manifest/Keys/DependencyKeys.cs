using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>The keys of a dependency.</summary>
internal static class DependencyKeys
{
    public static readonly Field<string> Url = new("url", Scalars.Text("an address such as postgres://127.0.0.1:5432/shop", CheckUrl),
        "Where it is.", null!);

    public static readonly Field<string> Variable = new("variable",
        Scalars.Text("the name of a variable", text => Names.IsVariable(text) ? null : "is not the name of a variable; write one such as DATABASE_URL"),
        "The environment variable in which services that need it receive the url.", null!);

    public static readonly Field<string> Prove = new("prove", Scalars.Text("an address", CheckUrl),
        "The address that experiments may use instead; without it only loopback addresses are broken or loaded.", null!);

    public static readonly SectionShape Shape = new(new([Url, Variable, Prove]), "a mapping such as { url: redis://127.0.0.1:6379 }");

    public static DependencySpec ToSpec(string name, Section dependency) =>
        new(name, dependency.Get(Url), dependency.Get(Variable), dependency.Get(Prove));

    private static string? CheckUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && text.Contains("://", StringComparison.Ordinal) && url.Host.Length > 0
            ? null
            : "is not an address; write scheme://host:port, such as redis://127.0.0.1:6379";
}
