namespace Mainstay.Manifest.Reading;

/// <summary>
/// Puts <c>defaults.service</c> and <c>defaults.route</c> under every service and route, key by key and into nested mappings.
/// What cannot apply to one of them (a health path to a worker) is left out: only what its own text says can be wrong there.
/// </summary>
internal static class Defaults
{
    private static readonly string[] ForUrls = ["protocol", "needs"];
    private static readonly string[] NotForWorkers = ["health", "protocol", "port"];
    private static readonly string[] NotForRedirects = ["service", "strip_prefix", "retries", "attempt_timeout", "redirect"];

    public static MappingNode Apply(MappingNode root)
    {
        if (root.Find("defaults")?.Value is not MappingNode defaults)
            return root;
        var service = defaults.Find("service")?.Value as MappingNode;
        var route = defaults.Find("route")?.Value as MappingNode;
        var whole = root.CopyEmpty();
        foreach (var entry in root.Entries)
        {
            whole.TryAdd(entry with
            {
                Value = (entry.Key, entry.Value) switch
                {
                    ("services", MappingNode services) when service is not null => ApplyToServices(services, service),
                    ("routes", SequenceNode routes) when route is not null => ApplyToRoutes(routes, route),
                    _ => entry.Value,
                },
            });
        }
        return whole;
    }

    private static MappingNode ApplyToServices(MappingNode services, MappingNode defaults)
    {
        var merged = services.CopyEmpty();
        foreach (var entry in services.Entries)
        {
            var service = entry.Value is ScalarNode { IsNull: false } command ? MappingNode.LongForm(command, ["command"]) : entry.Value;
            merged.TryAdd(entry with { Value = service is MappingNode mapping ? ApplyToService(mapping, defaults) : service });
        }
        return merged;
    }

    private static SequenceNode ApplyToRoutes(SequenceNode routes, MappingNode defaults)
    {
        var merged = routes.CopyEmpty();
        merged.Items.AddRange(routes.Items.Select(route => route is MappingNode mapping ? ApplyToRoute(mapping, defaults) : route));
        return merged;
    }

    private static MappingNode ApplyToService(MappingNode service, MappingNode defaults)
    {
        var port = service.Find("port") ?? defaults.Find("port");
        Func<string, bool> applies = service.Find("urls") is not null ? key => ForUrls.Contains(key)
            : port?.Value is ScalarNode { Text: "none" } ? key => !NotForWorkers.Contains(key) || (key == "port" && service.Find("port") is null)
            : _ => true;
        return Merge(service, defaults, applies);
    }

    private static MappingNode ApplyToRoute(MappingNode route, MappingNode defaults)
    {
        return Merge(route, defaults, route.Find("redirect") is not null ? key => !NotForRedirects.Contains(key)
            : route.Find("service") is not null ? key => key != "redirect"
            : _ => true);
    }

    private static MappingNode Merge(MappingNode own, MappingNode defaults, Func<string, bool> applies)
    {
        var merged = own.CopyEmpty();
        foreach (var entry in own.Entries)
        {
            var inner = applies(entry.Key) && entry.Value is MappingNode ownValue && defaults.Find(entry.Key)?.Value is MappingNode defaultValue
                ? entry with { Value = Merge(ownValue, defaultValue, _ => true) }
                : entry;
            merged.TryAdd(inner);
        }
        foreach (var entry in defaults.Entries.Where(entry => applies(entry.Key)))
            merged.TryAdd(entry with { IsDefault = true });
        return merged;
    }
}
