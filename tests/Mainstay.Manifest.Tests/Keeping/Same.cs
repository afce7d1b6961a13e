using System.Collections;
using System.Collections.Immutable;
using System.Net;
using System.Reflection;

namespace Mainstay.Manifest.Tests.Keeping;

/// <summary>Equality through and through: records hold immutable arrays, which compare by reference, and maps, whose way of comparing counts.</summary>
internal static class Same
{
    public static void Check(object? expected, object? actual) => Assert.Equal("", string.Join('\n', Differences(expected, actual, "")));

    public static IEnumerable<string> Differences(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null)
            return ReferenceEquals(expected, actual) ? [] : [$"{path}: {expected ?? "null"} became {actual ?? "null"}"];
        // Constants such as loopback are of a class of their own.
        if (expected.GetType() != actual.GetType() && expected is not IPAddress)
            return [$"{path}: a {expected.GetType()} became a {actual.GetType()}"];
        if (expected is Uri from)
            return Differences(from.OriginalString, ((Uri)actual).OriginalString, path);
        if (expected is ImmutableSortedDictionary<string, string> map)
            return Maps(map, (ImmutableSortedDictionary<string, string>)actual, path);
        if (expected.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return Lists(Items(expected), Items(actual), path);
        if (expected.GetType().Namespace == typeof(Model.ManifestSpec).Namespace && !expected.GetType().IsEnum)
        {
            return expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .SelectMany(property => Differences(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}"));
        }
        return expected.Equals(actual) ? [] : [$"{path}: {expected} became {actual}"];
    }

    /// <summary>One that was never set comes back empty.</summary>
    private static object?[] Items(object array) =>
        (bool)array.GetType().GetProperty("IsDefault")!.GetValue(array)! ? [] : [.. ((IEnumerable)array).Cast<object?>()];

    private static IEnumerable<string> Lists(object?[] expected, object?[] actual, string path) => expected.Length != actual.Length
        ? [$"{path}: {expected.Length} items became {actual.Length}"]
        : expected.Zip(actual).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{path}[{i}]"));

    private static IEnumerable<string> Maps(ImmutableSortedDictionary<string, string> expected, ImmutableSortedDictionary<string, string> actual, string path) =>
        Differences(expected.KeyComparer, actual.KeyComparer, path + " compares by").Concat(
            Lists([.. expected.Select(pair => (object)(pair.Key, pair.Value))], [.. actual.Select(pair => (object)(pair.Key, pair.Value))], path));
}
