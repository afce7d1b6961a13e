using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests.Keeping;

/// <summary>Makes records of the model by chance, whatever members they have.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="full">Whether every member has a value that is neither its type's nor its own default; otherwise nulls, empty and unset lists happen.</param>
internal sealed class AnySpec(Random random, bool full)
{
    private static readonly string[] Pieces = ["a", "B", "ß", "\"", "\\", "\n", "\0", "{port}", "<&'>", "日本", "🛟", "/", " ", "\u2028"];

    public static IEnumerable<Type> Records { get; } =
        [.. typeof(ManifestSpec).Assembly.GetTypes().Where(type => type.Namespace == typeof(ManifestSpec).Namespace && type is { IsClass: true, IsNested: false })];

    public object Record(Type type)
    {
        var constructor = Constructor(type);
        var record = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.Name!, MayBeNull(parameter), parameter.DefaultValue))]);
        foreach (var property in Settable(type).Where(property => constructor.GetParameters().All(parameter => parameter.Name != property.Name)))
            property.SetValue(record, Value(property.PropertyType, property.Name, MayBeNull(property), property.GetValue(record)));
        return record;
    }

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;

    /// <summary>What a record has of its own accord when only this member is not given; null: nothing.</summary>
    public static object? DefaultOf(PropertyInfo property, object record)
    {
        var constructor = Constructor(property.DeclaringType!);
        var parameter = constructor.GetParameters().FirstOrDefault(parameter => parameter.Name == property.Name);
        if (parameter is { HasDefaultValue: false })
            return null;
        return property.GetValue(constructor.Invoke([.. constructor.GetParameters().Select(other =>
            other.Name == property.Name ? other.DefaultValue : property.DeclaringType!.GetProperty(other.Name!)!.GetValue(record))]));
    }

    public static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    public static bool MayBeNull(PropertyInfo property) => new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    private static bool MayBeNull(ParameterInfo parameter) => new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;

    private object? Value(Type type, string name, bool mayBeNull, object? standard = null)
    {
        if (mayBeNull && !full && random.Next(3) == 0)
            return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return typeof(AnySpec).GetMethod(nameof(List), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(type.GenericTypeArguments).Invoke(this, [name]);
        if (type == typeof(ImmutableSortedDictionary<string, string>))
            return Map(name);
        if (Records.Contains(type))
            return Record(type);
        object value;
        do
        {
            value = Scalar(type);
        }
        while (full && (value.Equals(standard) || (type.IsValueType && value.Equals(Activator.CreateInstance(type)))));
        return value;
    }

    private object Scalar(Type type) =>
        type == typeof(string) ? Text()
        : type == typeof(bool) ? random.Next(2) == 1
        : type == typeof(int) ? random.Next(int.MinValue, int.MaxValue)
        : type == typeof(long) ? random.NextInt64(long.MinValue, long.MaxValue)
        : type == typeof(double) ? random.NextDouble()
        : type == typeof(TimeSpan) ? TimeSpan.FromTicks(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64))
        : type == typeof(Uri) ? new Uri($"http://{random.Next(256)}.example:{random.Next(1, 65536)}{(random.Next(2) == 0 ? "" : "/")}")
        : type == typeof(IPAddress) ? Address()
        : type == typeof(IPNetwork) ? new IPNetwork(new IPAddress([(byte)random.Next(1, 256), (byte)random.Next(256), 0, 0]), random.Next(16, 33))
        : type.IsEnum ? Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!
        : throw new NotSupportedException($"a {type} in the model: say here how one is made, and check that it is written and read");

    private IPAddress Address()
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        return new IPAddress(bytes);
    }

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(full ? 1 : 0, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private ImmutableArray<T> List<T>(string name) => !full && random.Next(6) == 0
        ? default
        : [.. Enumerable.Range(0, random.Next(full ? 1 : 0, 4)).Select(_ => (T)Value(typeof(T), name, mayBeNull: false)!)];

    private ImmutableSortedDictionary<string, string?> Map(string name)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string?>(name == nameof(ServiceSpec.Environment) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        for (var i = random.Next(full ? 1 : 0, 4); i > 0; i--)
            map[Text()] = (string?)Value(typeof(string), name, mayBeNull: name is nameof(RouteSpec.RequestHeaders) or nameof(RouteSpec.ResponseHeaders));
        return map.ToImmutable();
    }
}
