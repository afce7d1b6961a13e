namespace Mainstay.Edge.Exchanges;

/// <summary>
/// What every answer goes through on its way out, an upstream's and our own alike: fields that concern only the connection to the
/// upstream are taken away, then the route's response headers are set or removed.
/// </summary>
internal static class AnswerRules
{
    public static void Apply(Exchange exchange)
    {
        HopByHop.RemoveFromAnswer(exchange.Answer.Headers, keepUpgrade: exchange.Answer.Status == 101);
        if (exchange.Facts.Rate is { } rate)
            exchange.Facts.Route?.Limit?.Announce(exchange.Answer.Headers, rate);
        exchange.Facts.Route?.ResponseHeaders.Apply(exchange.Answer.Headers);
    }
}
