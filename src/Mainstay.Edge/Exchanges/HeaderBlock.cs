using System.Runtime.InteropServices;
using System.Text;

namespace Mainstay.Edge.Exchanges;

/// <summary>
/// Header fields in the order they came: names by id where known, values as bytes in one growing store.
/// Reused from request to request; spans it hands out are valid until the next change. Not thread-safe.
/// Values are bytes (Latin-1 where text is wanted), so nothing is decoded and encoded again on the way through.
/// </summary>
internal sealed class HeaderBlock
{
    private struct Field
    {
        public HeaderId Id;
        public int Name;
        public int NameLength;
        public int Value;
        public int ValueLength;
    }

    private readonly List<Field> _fields = new(24);
    private byte[] _store = new byte[1024];
    private int _used;

    public int Count => _fields.Count;

    public HeaderId IdAt(int index) => _fields[index].Id;

    public ReadOnlySpan<byte> NameAt(int index)
    {
        ref readonly var field = ref CollectionsMarshal.AsSpan(_fields)[index];
        return field.Id != HeaderId.Unknown ? HeaderNames.BytesOf(field.Id) : _store.AsSpan(field.Name, field.NameLength);
    }

    public ReadOnlySpan<byte> ValueAt(int index)
    {
        ref readonly var field = ref CollectionsMarshal.AsSpan(_fields)[index];
        return _store.AsSpan(field.Value, field.ValueLength);
    }

    /// <summary>The name as a string; no allocation for a known one.</summary>
    public string NameText(int index) =>
        _fields[index].Id is var id && id != HeaderId.Unknown ? HeaderNames.Of(id) : Encoding.Latin1.GetString(NameAt(index));

    public string ValueText(int index) => Encoding.Latin1.GetString(ValueAt(index));

    public void Clear()
    {
        _fields.Clear();
        _used = 0;
        if (_store.Length > 64 * 1024)
            _store = new byte[1024];
    }

    public void Add(HeaderId id, ReadOnlySpan<byte> value) =>
        _fields.Add(new Field { Id = id, Value = Append(value), ValueLength = value.Length });

    public void Add(HeaderId id, ReadOnlySpan<char> value) =>
        _fields.Add(new Field { Id = id, Value = Append(value), ValueLength = value.Length });

    /// <summary>Adds a field by name, known or not.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var id = HeaderNames.Find(name);
        if (id != HeaderId.Unknown)
        {
            Add(id, value);
            return;
        }
        var at = Append(name);
        _fields.Add(new Field { Name = at, NameLength = name.Length, Value = Append(value), ValueLength = value.Length });
    }

    /// <summary>Adds a field by name, known or not.</summary>
    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        var id = HeaderNames.Find(name);
        if (id != HeaderId.Unknown)
        {
            Add(id, value);
            return;
        }
        var at = Append(name);
        _fields.Add(new Field { Name = at, NameLength = name.Length, Value = Append(value), ValueLength = value.Length });
    }

    /// <summary>Index of the first field with this id from <paramref name="from"/> on, or -1.</summary>
    public int IndexOf(HeaderId id, int from = 0)
    {
        var fields = CollectionsMarshal.AsSpan(_fields);
        for (var i = from; i < fields.Length; i++)
        {
            if (fields[i].Id == id)
                return i;
        }
        return -1;
    }

    /// <summary>Index of the first field with this name, whatever its case, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        var id = HeaderNames.Find(name);
        if (id != HeaderId.Unknown)
            return IndexOf(id);
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Id == HeaderId.Unknown && Ascii.EqualsIgnoreCase(NameAt(i), name))
                return i;
        }
        return -1;
    }

    public bool Has(HeaderId id) => IndexOf(id) >= 0;

    public bool TryGet(HeaderId id, out ReadOnlySpan<byte> value)
    {
        var index = IndexOf(id);
        value = index < 0 ? default : ValueAt(index);
        return index >= 0;
    }

    /// <summary>The first value as a string, or null.</summary>
    public string? Text(HeaderId id) => IndexOf(id) is var index && index < 0 ? null : ValueText(index);

    /// <summary>Replaces every field with this id by one.</summary>
    public void Set(HeaderId id, ReadOnlySpan<byte> value)
    {
        Remove(id);
        Add(id, value);
    }

    /// <summary>Replaces every field with this id by one.</summary>
    public void Set(HeaderId id, ReadOnlySpan<char> value)
    {
        Remove(id);
        Add(id, value);
    }

    /// <summary>Replaces every field with this name by one.</summary>
    public void Set(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Remove(name);
        Add(name, value);
    }

    public void Remove(HeaderId id)
    {
        for (var index = IndexOf(id); index >= 0; index = IndexOf(id, index))
            _fields.RemoveAt(index);
    }

    public void Remove(ReadOnlySpan<char> name)
    {
        Span<byte> bytes = name.Length <= 256 ? stackalloc byte[name.Length] : new byte[name.Length];
        Encoding.Latin1.GetBytes(name, bytes);
        for (var index = IndexOf(bytes); index >= 0; index = IndexOf(bytes))
            _fields.RemoveAt(index);
    }

    public void RemoveAt(int index) => _fields.RemoveAt(index);

    public void CopyTo(HeaderBlock other)
    {
        other.Clear();
        other.Reserve(_used);
        _store.AsSpan(0, _used).CopyTo(other._store);
        other._used = _used;
        other._fields.AddRange(CollectionsMarshal.AsSpan(_fields));
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_store.AsSpan(_used));
        var at = _used;
        _used += bytes.Length;
        return at;
    }

    private int Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        Encoding.Latin1.GetBytes(text, _store.AsSpan(_used));
        var at = _used;
        _used += text.Length;
        return at;
    }

    private void Reserve(int more)
    {
        if (_used + more > _store.Length)
            Array.Resize(ref _store, Math.Max(_store.Length * 2, _used + more));
    }
}
