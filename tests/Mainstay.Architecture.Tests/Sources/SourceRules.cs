using System.Text.RegularExpressions;

namespace Mainstay.Architecture.Tests.Sources;

/// <summary>What must not stand in a source file; each rule answers one line for each violation.</summary>
internal static partial class SourceRules
{
    public const int MostLines = 400;
    public const int MedianLines = 60;

    public static IEnumerable<string> TooLong(SourceFile file) =>
        file.Lines > MostLines ? [$"{file.Path} has {file.Lines} lines; at most {MostLines}."] : [];

    public static int Median(IEnumerable<SourceFile> files)
    {
        var lines = files.Select(file => file.Lines).Order().ToList();
        return lines[lines.Count / 2];
    }

    public static IEnumerable<string> VagueNames(SourceFile file) =>
        VagueName().Matches(file.Code).Select(match => $"{file.Path}: {match.Groups["name"].Value} says nothing about what it is.");

    public static IEnumerable<string> LeftUndone(SourceFile file) =>
        Undone().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}");

    public static IEnumerable<string> SilencedWarnings(SourceFile file) =>
        Silenced().Matches(file.Code).Select(match => $"{file.Path}: {match.Value}");

    /// <summary>The policies do not know HTTP: nothing of the network in Mainstay.Resilience.</summary>
    public static IEnumerable<string> NetworkInPolicies(SourceFile file) =>
        !file.Path.StartsWith("src/Mainstay.Resilience/", StringComparison.Ordinal)
            ? []
            : Network().Matches(file.Code).Select(match => $"{file.Path}: {match.Value} in a pure policy.");

    /// <summary>The steps do not know the server: ASP.NET Core only in the adapter in front, HttpClient's types only in the adapter behind.</summary>
    public static IEnumerable<string> ServersInSteps(SourceFile file)
    {
        if (!file.Path.StartsWith("src/Mainstay.Edge/", StringComparison.Ordinal))
            yield break;
        var path = file.Path["src/Mainstay.Edge/".Length..];
        if (!path.StartsWith("Listening/", StringComparison.Ordinal) && path != "EdgeServer.cs")
        {
            foreach (Match match in Server().Matches(file.Code))
                yield return $"{file.Path}: {match.Value} outside Listening.";
        }
        if (!path.StartsWith("Forwarding/Http2/", StringComparison.Ordinal))
        {
            foreach (Match match in HttpClientTypes().Matches(file.Code))
                yield return $"{file.Path}: {match.Value} outside Forwarding/Http2.";
        }
    }

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(struct\s+|class\s+)?(?<name>\w*(Manager|Helper|Helpers|Util|Utils|Utility|Utilities|Data|Info))\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Undone();

    [GeneratedRegex(@"#pragma\s+warning\s+disable[^\n]*|\[\s*(assembly:\s*)?(Unconditional)?SuppressMessage\b[^\n]*|#nullable\s+disable")]
    private static partial Regex Silenced();

    [GeneratedRegex(@"\bSystem\.Net(\.\w+)*|\bMicrosoft\.AspNetCore(\.\w+)*|\bHttp(Client|Context|Request|Response|Method|StatusCode)\w*|\bSocket\w*")]
    private static partial Regex Network();

    [GeneratedRegex(@"\bMicrosoft\.AspNetCore(\.\w+)*|\b(HttpContext|HttpRequest|HttpResponse|IFeatureCollection|ConnectionContext|KestrelServer\w*|WebApplication\w*)\b")]
    private static partial Regex Server();

    [GeneratedRegex(@"\bSystem\.Net\.Http(\.\w+)*|\b(HttpClient|HttpMessageInvoker|HttpMessageHandler|HttpRequestMessage|HttpResponseMessage|HttpContent|SocketsHttpHandler)\b")]
    private static partial Regex HttpClientTypes();
}
