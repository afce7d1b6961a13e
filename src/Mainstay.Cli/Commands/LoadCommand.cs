using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.Loading;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Cli.Commands;

/// <summary>Open-loop load by itself.</summary>
internal static class LoadCommand
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(24);

    public static Command Create(CommandContext context)
    {
        var url = new Argument<string>("URL") { Description = "What is asked for, on this machine: http://127.0.0.1:8080/path" };
        var rate = Text("--rate", "N", "Requests per second (default 50)");
        var ramp = Text("--ramp-to", "N", "Raise or lower the rate evenly to this one, over the whole duration");
        var duration = Text("--duration", "DURATION", "For how long requests are sent, such as 30s, 10m (default 10s; at most 24h)");
        var connections = Text("--connections", "N", "At most so many connections at once (default 1024)");
        var method = Text("--method", "METHOD", "The request's method (default GET; POST with --body)");
        var headers = new Option<string[]>("--header") { Description = "A header of the request; may be repeated", HelpName = "'NAME: VALUE'", AllowMultipleArgumentsPerToken = false };
        var body = Text("--body", "TEXT|@FILE", "The request's body, or the file that holds it");
        var expect = Text("--expect", "STATUS", "The only good status (default: any below 400)");
        var timeout = Text("--timeout", "DURATION", "A request without its whole answer by then has failed (default 60s)");
        var poisson = new Option<bool>("--poisson") { Description = "Requests come independently of one another, as from many users, instead of evenly" };
        var seed = Text("--seed", "N", "Of the chance in --poisson (default 1)");
        var http2 = new Option<bool>("--http2") { Description = "HTTP/2 without TLS (prior knowledge); sends fewer per second, a millisecond or two less exactly" };
        var json = new Option<bool>("--json") { Description = "One JSON document" };
        var command = new Command("load", "Send requests to a server on this machine at a steady rate, whatever it answers, and show how long answers take")
        {
            url, rate, ramp, duration, connections, method, headers, body, expect, timeout, poisson, seed, http2, json,
        };
        command.SetAction((parsed, _) =>
        {
            var content = BodyOf(parsed.GetValue(body));
            var (target, path) = TargetOf(parsed.GetValue(url)!);
            var from = Number("--rate", parsed.GetValue(rate), 0.01, 1_000_000) ?? 50;
            var lasting = Duration("--duration", parsed.GetValue(duration), LongestDuration) ?? TimeSpan.FromSeconds(10);
            var stream = new StreamSpec(parsed.GetValue(method) ?? (content is null ? "GET" : "POST"), path)
            {
                Headers = [.. (parsed.GetValue(headers) ?? []).Select(HeaderOf)],
                Body = content ?? [],
                ExpectedStatus = (int?)Number("--expect", parsed.GetValue(expect), 100, 999, whole: true),
                Patience = Duration("--timeout", parsed.GetValue(timeout), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(60),
            };
            var plan = new LoadPlan(target, [stream], Number("--ramp-to", parsed.GetValue(ramp), 0, 1_000_000) is { } to ? Pace.Ramp(from, to, lasting) : Pace.Constant(from))
            {
                Duration = lasting,
                Connections = (int?)Number("--connections", parsed.GetValue(connections), 1, 60_000, whole: true) ?? 1024,
                Arrivals = parsed.GetValue(poisson) ? Arrivals.Poisson : Arrivals.Even,
                Seed = (ulong?)Number("--seed", parsed.GetValue(seed), 0, 1e15, whole: true) ?? 1,
                Http2 = parsed.GetValue(http2),
            };
            return new LoadSession(context.Terminal, context.Time).RunAsync(plan, parsed.GetValue(json));
        });
        return command;
    }

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    private static (LoadTarget Target, string Path) TargetOf(string text)
    {
        var written = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(written, UriKind.Absolute, out var url))
            throw CommandFailure.Usage($"'{text}' is not a URL such as http://127.0.0.1:8080/path");
        return (LoadTarget.Parse(url, out var reason) ?? throw CommandFailure.Usage(reason), url.PathAndQuery);
    }

    private static KeyValuePair<string, string> HeaderOf(string text) => text.IndexOf(':') is > 0 and var colon
        ? new(text[..colon].Trim(), text[(colon + 1)..].Trim())
        : throw CommandFailure.Usage($"--header '{text}' is not NAME: VALUE");

    private static byte[]? BodyOf(string? text) => text switch
    {
        null => null,
        ['@', .. var file] when !File.Exists(file) => throw CommandFailure.Usage($"--body: there is no file '{file}'"),
        ['@', .. var file] => File.ReadAllBytes(file),
        _ => System.Text.Encoding.UTF8.GetBytes(text),
    };

    private static double? Number(string option, string? text, double least, double most, bool whole = false)
    {
        if (text is null)
            return null;
        return double.TryParse(text, whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw CommandFailure.Usage($"{option} '{text}' is not a {(whole ? "whole " : "")}number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString("0", CultureInfo.InvariantCulture)}");
    }

    private static TimeSpan? Duration(string option, string? text, TimeSpan most)
    {
        if (text is null)
            return null;
        return Durations.Parse(text) is { } duration && duration > TimeSpan.Zero && duration <= most
            ? duration
            : throw CommandFailure.Usage($"{option} '{text}' is not a duration such as 500ms, 30s or 10m, at most {most.TotalHours:0}h");
    }
}
