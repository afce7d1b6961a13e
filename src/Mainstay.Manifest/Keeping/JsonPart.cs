using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mainstay.Manifest.Keeping;

/// <summary>
/// A JSON object whose members are read one by one, each as what it must be. A member that may be null may also be missing; any other must
/// be there, unless a default is given. Whatever is not so is a <see cref="FormatException"/> with one line that names the place, not the value.
/// </summary>
public readonly struct JsonPart
{
    private readonly JsonElement _object;
    private readonly string _place;

    private JsonPart(JsonElement element, string place)
    {
        (_object, _place) = (element, place);
        if (element.ValueKind != JsonValueKind.Object)
            throw Damaged("is no object");
    }

    /// <param name="json">In UTF-8.</param>
    /// <param name="name">What it is, for messages.</param>
    public static JsonPart Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            return new JsonPart(JsonElement.Parse(json), name);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"{name} is no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}", broken);
        }
    }

    public FormatException Damaged(string how) => new($"{_place} {how}");

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) => TryGet(name, out var value) ? TextOf(value, name) : null;

    public bool Truth(string name) => !TryGet(name, out var value) ? throw Missing(name)
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name);

    public int Whole(string name) => WholeOrNull(name) ?? throw Missing(name);

    public int? WholeOrNull(string name) => LongOrNull(name) is not { } number ? null : number == (int)number ? (int)number : throw Wrong(name);

    public long Long(string name) => LongOrNull(name) ?? throw Missing(name);

    public long? LongOrNull(string name) => !TryGet(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Wrong(name);

    public double Real(string name) => !TryGet(name, out var value) ? throw Missing(name)
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Wrong(name);

    public TimeSpan Time(string name) => TimeOrNull(name) ?? throw Missing(name);

    public TimeSpan? TimeOrNull(string name) => TextOrNull(name) is not { } text ? null
        : TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) ? time
        : throw Wrong(name);

    public DateTimeOffset Instant(string name) => InstantOrNull(name) ?? throw Missing(name);

    public DateTimeOffset? InstantOrNull(string name) => !TryGet(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var instant) ? instant
        : throw Wrong(name);

    /// <summary>A value of an enum by its name; by its number too, as releases were written before. Never one that is none of its values.</summary>
    public T Choice<T>(string name, T? otherwise = null) where T : struct, Enum
    {
        if (!TryGet(name, out var value))
            return otherwise ?? throw Missing(name);
        var text = value.ValueKind == JsonValueKind.String ? TextOf(value, name) : null;
        // The overloads by type, which are compiled already. Numbers and lists of names parse as well; they do not come out as they went in.
        object? choice = null;
        if (text is not null && Enum.TryParse(typeof(T), text, out choice) && choice.ToString() == text)
            return (T)choice;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && Enum.IsDefined(typeof(T), number))
            return (T)Enum.ToObject(typeof(T), number);
        throw Wrong(name);
    }

    public IPAddress Address(string name) => IPAddress.TryParse(Text(name), out var address) ? address : throw Wrong(name);

    public ImmutableArray<IPNetwork> Networks(string name)
    {
        var texts = Texts(name);
        var networks = new IPNetwork[texts.Length];
        for (var i = 0; i < networks.Length; i++)
            networks[i] = IPNetwork.TryParse(texts[i], out var network) ? network : throw Wrong(name);
        // A builder of a value type is a dozen methods to compile.
        return ImmutableCollectionsMarshal.AsImmutableArray(networks);
    }

    /// <summary>Absolute ones, as they were written.</summary>
    public ImmutableArray<Uri> Urls(string name)
    {
        var urls = ImmutableArray.CreateBuilder<Uri>();
        foreach (var text in Texts(name))
            urls.Add(Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw Wrong(name));
        return urls.DrainToImmutable();
    }

    public ImmutableArray<string> Texts(string name)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in Array(name).EnumerateArray())
            texts.Add(TextOf(item, name));
        return texts.DrainToImmutable();
    }

    public ImmutableArray<int> Numbers(string name)
    {
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var item in Array(name).EnumerateArray())
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) ? number : throw Wrong(name));
        return numbers.DrainToImmutable();
    }

    /// <summary>Texts by name. How names compare is not in the document: it belongs to what the names are.</summary>
    public ImmutableSortedDictionary<string, string> Map(string name, StringComparer names) =>
        Map(name, names, removes: false)!;

    /// <summary>Texts by name, where null stands for a name that is to be removed.</summary>
    public ImmutableSortedDictionary<string, string?> Rules(string name, StringComparer names) => Map(name, names, removes: true);

    public JsonPart Section(string name) => TryGet(name, out var value) ? new JsonPart(value, $"{_place}, {name}") : throw Missing(name);

    public T? Section<T>(string name, Func<JsonPart, T> read) where T : class => TryGet(name, out var value) ? read(new JsonPart(value, $"{_place}, {name}")) : null;

    public ImmutableArray<T> Sections<T>(string name, Func<JsonPart, T> read) where T : class
    {
        var sections = ImmutableArray.CreateBuilder<T>();
        foreach (var item in Array(name).EnumerateArray())
            sections.Add(read(new JsonPart(item, $"{_place}, {name} {sections.Count + 1}")));
        return sections.DrainToImmutable();
    }

    private ImmutableSortedDictionary<string, string?> Map(string name, StringComparer names, bool removes)
    {
        if (!TryGet(name, out var value))
            throw Missing(name);
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(name);
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string?>(names);
        foreach (var member in value.EnumerateObject())
            texts[NameOf(member, name)] = removes && member.Value.ValueKind == JsonValueKind.Null ? null : TextOf(member.Value, name);
        return texts.ToImmutable();
    }

    private JsonElement Array(string name) => !TryGet(name, out var value) ? throw Missing(name)
        : value.ValueKind == JsonValueKind.Array ? value
        : throw Wrong(name);

    private bool TryGet(string name, out JsonElement value) => _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private string TextOf(JsonElement value, string name)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name);
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name); // No valid UTF-8, which is found out only now.
        }
    }

    private string NameOf(JsonProperty member, string name)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name);
        }
    }

    private FormatException Missing(string name) => Damaged($"has no {name}");

    private FormatException Wrong(string name) => Damaged($"has a {name} that is none");
}
