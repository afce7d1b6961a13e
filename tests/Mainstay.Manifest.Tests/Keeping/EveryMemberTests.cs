using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests.Keeping;

/// <summary>No member of the model can be forgotten: these ask the records themselves what they have.</summary>
public sealed class EveryMemberTests
{
    private static readonly ManifestSpec Full = (ManifestSpec)new AnySpec(new Random(1), full: true).Record(typeof(ManifestSpec));

    [Fact]
    public void Every_record_of_the_model_is_in_the_manifest_that_these_tests_take_apart() =>
        Assert.Equal(AnySpec.Records.Select(type => type.Name).Order(), All(Full, Document(Full)).Select(found => found.Record.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_member_is_written()
    {
        foreach (var (record, json) in All(Full, Document(Full)))
            Assert.Equal(AnySpec.Settable(record.GetType()).Select(property => property.Name), json.Select(member => member.Key));
    }

    [Fact]
    public void Every_member_comes_back() => ManifestJsonTests.ComesBack(Full);

    [Fact]
    public void A_member_that_is_missing_gets_its_default_and_without_one_is_refused() => Without(json => json.Parent!.AsObject().Remove(json.GetPropertyName()));

    [Fact]
    public void Null_is_as_if_it_were_missing() => Without(json => json.ReplaceWith<JsonNode?>(null));

    /// <summary>Takes away each member of each record in turn.</summary>
    private static void Without(Action<JsonNode> take)
    {
        var places = All(Full, Document(Full)).Select(found => found.Record).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            foreach (var property in AnySpec.Settable(places[i].GetType()))
            {
                var document = Document(Full);
                take(All(Full, document).ElementAt(i).Json[property.Name]!);
                var read = Attempt(document);
                var expected = AnySpec.DefaultOf(property, places[i]);
                if (expected is null && !AnySpec.MayBeNull(property))
                    Assert.True(read is null, $"{places[i].GetType().Name}.{property.Name} has no default, and yet a manifest is read without it");
                else
                    Same.Check(expected, property.GetValue(All(read ?? throw new InvalidOperationException($"{property} has a default and is refused"), Document(read)).ElementAt(i).Record));
            }
        }
    }

    private static ManifestSpec? Attempt(JsonObject manifest)
    {
        try
        {
            return ManifestJson.Read(Encoding.UTF8.GetBytes(manifest.Root.ToJsonString()));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonObject Document(ManifestSpec manifest) => JsonNode.Parse(ManifestJson.Write(manifest))!["Manifest"]!.AsObject();

    /// <summary>Each record with its JSON, from the outside in, so that what is taken away from one leaves those before it in their place.</summary>
    private static IEnumerable<(object Record, JsonObject Json)> All(object record, JsonObject json)
    {
        yield return (record, json);
        foreach (var property in AnySpec.Settable(record.GetType()))
        {
            var value = property.GetValue(record);
            if (value is not null && AnySpec.Records.Contains(value.GetType()))
            {
                foreach (var found in All(value, json[property.Name]!.AsObject()))
                    yield return found;
            }
            else if (value is IEnumerable list and not string && AnySpec.Records.Contains(property.PropertyType.GenericTypeArguments.FirstOrDefault()))
            {
                foreach (var found in list.Cast<object>().Zip(json[property.Name]!.AsArray()).SelectMany(pair => All(pair.First, pair.Second!.AsObject())))
                    yield return found;
            }
        }
    }
}
