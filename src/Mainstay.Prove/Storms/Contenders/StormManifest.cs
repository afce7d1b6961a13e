using System.Text.Json;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>What Mainstay is told of the app.</summary>
internal static class StormManifest
{
    /// <summary>A price that takes longer is answered by something else.</summary>
    public static readonly TimeSpan PriceTimeout = TimeSpan.FromMilliseconds(700);

    public const string Fallback = "price.txt";

    /// <summary>YAML, as anyone would write it. Strings are quoted as JSON, which YAML includes.</summary>
    public static string Text(Ground ground) => $$"""
        name: storm
        edge: { listen: "http://127.0.0.1:0" }
        services:
          web:
            command: [{{string.Join(", ", ground.App.Command.Select(Quoted))}}]
            replicas: {{Ground.Workers}}
            health: /healthz
            environment: { ORDERS: {{Quoted(ground.Orders)}} }
            needs: { prices: optional }
            deploy: { artifact: app }
        dependencies:
          prices: { url: {{Quoted(ground.Prices)}}, variable: PRICES_URL }
        routes:
          - { path: /**, service: web, uses: [] }
          - { path: /price, service: web, timeout: {{PriceTimeout.TotalMilliseconds:0}}ms, fallback: { status: 200, file: {{Fallback}} } }

        """;

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
