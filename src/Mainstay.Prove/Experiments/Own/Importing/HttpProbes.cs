using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Prove.Experiments.Own.Reading;

namespace Mainstay.Prove.Experiments.Own.Importing;

/// <summary>From an HTTP probe to a request of the load, with the status that it tolerates.</summary>
internal sealed class HttpProbes(ManifestSpec manifest, Reader reader)
{
    /// <summary>The request as an experiment writes it; null after a finding.</summary>
    public string? Of(MappingNode probe, Node provider)
    {
        var method = reader.Text(provider, "method")?.ToUpperInvariant() ?? "GET";
        if (reader.Text(provider, "url") is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return Refuse(provider, "has no http url");
        var request = new ExerciseSpec(method, address.PathAndQuery, ImmutableSortedDictionary<string, string>.Empty, null, null);
        if (RouteNames.Of(manifest, request) is null)
            return Refuse(provider, $"asks for {Shown.Text(method)} {Shown.Text(address.PathAndQuery)}, which no route of the manifest takes to a service; add the route, or write load: {{ requests: … }} yourself");
        if (!TryStatus(probe, out var status))
            return null;
        var expected = status is { } code ? $", expect: {code.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{{ method: {Quoted(method)}, path: {Quoted(address.PathAndQuery)}{Headers(provider)}{Body(provider)}{expected} }}";
    }

    /// <summary>Null: any success.</summary>
    private bool TryStatus(MappingNode probe, out int? status)
    {
        status = null;
        switch (probe.Find("tolerance")?.Value)
        {
            case null:
                return true;
            case ScalarNode one when int.TryParse(reader.Scalar(one), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 599:
                status = code;
                return true;
            case SequenceNode { Items.Count: > 0 } list:
                var codes = list.Items.Select(item => int.TryParse(reader.Scalar(item), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0).ToList();
                if (codes.TrueForAll(code => code is >= 200 and < 400))
                {
                    status = codes is [var only] ? only : null;
                    return true;
                }
                break;
        }
        _ = Refuse(probe.Find("tolerance")!.Value, "tolerates something that is not the status of an answer; only a status, or several successful ones, can be imported");
        return false;
    }

    private string Headers(Node provider) =>
        (provider as MappingNode)?.Find("headers")?.Value is MappingNode { Entries.Count: > 0 } headers
            ? $", headers: {{ {string.Join(", ", headers.Entries.Select(header => $"{Quoted(header.Key)}: {Quoted(reader.Scalar(header.Value) ?? "")}"))} }}"
            : "";

    private string Body(Node provider) => reader.Text(provider, "arguments") is { } body ? $", body: {Quoted(body)}" : "";

    private string? Refuse(Node node, string why)
    {
        reader.Findings.Error(node, why);
        return null;
    }

    /// <summary>A YAML text in double quotes; a `${` stays one.</summary>
    public static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()
        .Replace("${", "$${", StringComparison.Ordinal) + "\"";
}
