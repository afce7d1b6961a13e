using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Routing;

/// <summary>
/// Finds the route of a request and makes the request what it is to be upstream: prefix, header fields, limit of the body, deadline.
/// Answers by itself what leads nowhere, and redirects.
/// </summary>
internal static class RoutingStep
{
    /// <summary>True if the request goes on, with its route; false if it has been answered.</summary>
    public static ValueTask<bool> RouteAsync(Exchange exchange, RouteTable table)
    {
        var request = exchange.Request;
        if (Refusal(request) is { } refusal)
            return AnsweredAsync(ProblemAnswer.WriteAsync(exchange, refusal.Status, refusal.Detail));
        var asterisk = request.Target == "*";
        var path = asterisk ? "/" : request.Target.AsSpan(0, RequestPath.LengthIn(request.Target));
        if (RequestPath.HasDotSegments(path))
        {
            request.Target = string.Concat(RequestPath.WithoutDotSegments(path), request.Target.AsSpan(path.Length));
            path = request.Target.AsSpan(0, RequestPath.LengthIn(request.Target));
        }
        var match = table.Find(request.Host, path, request.Method);
        if (match.Route is not { } route)
            return AnsweredAsync(match.Allow is null
                ? ProblemAnswer.WriteAsync(exchange, 404, "No route leads there.")
                : ProblemAnswer.WriteAsync(exchange, 405, $"{request.Method} is not allowed here.", allow: match.Allow));
        exchange.Facts.Route = route;
        if (route.Spec.Redirect is { } template)
            return AnsweredAsync(RedirectAsync(exchange, Rewrite.Location(template, route.Spec.Path, request.Target)));
        if (request.ContentLength > route.Spec.BodyLimit)
            return AnsweredAsync(ProblemAnswer.WriteAsync(exchange, 413, $"The body is larger than {route.Spec.BodyLimit} bytes."));
        if (request.HasBody)
            exchange.LimitBody(route.Spec.BodyLimit);
        if (route.Spec.StripPrefix is { } prefix && !asterisk)
            request.Target = Rewrite.StripPrefix(request.Target, prefix);
        route.RequestHeaders.Apply(request.Headers);
        exchange.Facts.Timeout = exchange.Facts.Timeout > TimeSpan.Zero && exchange.Facts.Timeout < route.Spec.Timeout
            ? exchange.Facts.Timeout
            : route.Spec.Timeout;
        return new(true);
    }

    private static (int Status, string Detail)? Refusal(RequestHead request)
    {
        if (request.Method == "CONNECT")
            return (501, "CONNECT is not supported: this is no forward proxy.");
        if (request.IsCoded)
            return (501, "The body's transfer coding is not supported: only chunked is.");
        if (request.Target.Length == 0 || (request.Target[0] != '/' && !(request.Target == "*" && request.Method == "OPTIONS")))
            return (400, "The request target must be a path.");
        if (request.Target.Contains("%00", StringComparison.Ordinal))
            return (400, "The request target holds a null byte.");
        var length = RequestPath.LengthIn(request.Target);
        // A server behind that takes the fragment for a part of the path would resolve dot segments in it.
        if (request.Target.AsSpan().ContainsAnyExceptInRange('!', '~') || (length < request.Target.Length && request.Target[length] == '#'))
            return (400, "The request target holds a character that must not stand there.");
        if (RequestPath.HidesDotSegments(request.Target.AsSpan(0, length)))
            return (400, "The request target hides dot segments behind encoded or backward slashes.");
        if (!HostName.IsValid(request.Host) || (request.Host.Length == 0 && request.Version > 10))
            return (400, "The Host field is missing or malformed.");
        return null;
    }

    private static async ValueTask<bool> AnsweredAsync(ValueTask answer)
    {
        await answer;
        return false;
    }

    private static async ValueTask RedirectAsync(Exchange exchange, string location)
    {
        exchange.Answer.Clear();
        exchange.Answer.Status = 308;
        exchange.Answer.Headers.Add(HeaderId.Location, location);
        exchange.Answer.Headers.Add(HeaderId.ContentLength, "0"u8);
        await exchange.StartAnswerAsync(exchange.ClientGone);
        await exchange.CompleteAnswerAsync();
    }
}
