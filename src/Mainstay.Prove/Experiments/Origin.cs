using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments;

/// <summary>Where a bound comes from, in a history's words.</summary>
internal static class Origin
{
    public const string Default = "default";

    /// <summary>The place of a route's key if its value differs from the usual one.</summary>
    public static string Of<T>(ManifestSpec manifest, RouteSpec route, string key, T value, T usual) =>
        EqualityComparer<T>.Default.Equals(value, usual) ? Default : $"routes[{manifest.Routes.IndexOf(route)}].{key}";
}
