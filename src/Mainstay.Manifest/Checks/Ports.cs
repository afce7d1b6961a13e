using System.Net;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>No port is used twice: by listeners, by fixed ports, or by an upstream that is Mainstay itself.</summary>
internal static class Ports
{
    public static void Check(Draft draft, FindingList findings)
    {
        var listeners = draft.Edge.IsBroken(EdgeKeys.Listen) ? [] : draft.Spec.Edge.Listen;
        for (var i = 1; i < listeners.Length; i++)
        {
            if (listeners.Take(i).FirstOrDefault(other => Collide(other, listeners[i])) is { } first)
                findings.Error(draft.Edge.At(EdgeKeys.Listen) is SequenceNode list && list.Items.Count > i ? list.Items[i] : draft.Edge.At(EdgeKeys.Listen), $"port {listeners[i].Port} is already taken by {first.Url}; remove one of them or choose another port");
        }
        var services = draft.Services.Where(service => service.Spec.Port.Kind == PortKind.Fixed && !service.Spec.IsExternal).ToArray();
        foreach (var service in services)
            CheckFixed(service, services.TakeWhile(other => other != service), listeners, findings);
        foreach (var service in draft.Services.Where(service => service.Spec.IsExternal))
            CheckLoop(service, listeners, findings);
    }

    private static void CheckFixed(ServiceDraft service, IEnumerable<ServiceDraft> before, IEnumerable<ListenSpec> listeners, FindingList findings)
    {
        var port = service.Spec.Port.Number;
        if (listeners.FirstOrDefault(listener => listener.Port == port && IsLocal(listener.Address)) is { } listener)
            findings.Error(service.Text.At(ServiceKeys.Port), $"port {port} of {service.Spec.Name} is taken by the edge ({listener.Url}); choose another one for either");
        if (before.FirstOrDefault(other => other.Spec.Port.Number == port) is { } first)
            findings.Error(service.Text.At(ServiceKeys.Port), $"port {port} of {service.Spec.Name} is taken by {first.Spec.Name}; choose another one for either");
    }

    private static void CheckLoop(ServiceDraft service, IEnumerable<ListenSpec> listeners, FindingList findings)
    {
        foreach (var url in service.Spec.Urls)
        {
            var isLocal = url.IsLoopback || url.Host is "0.0.0.0" or "[::]";
            if (isLocal && listeners.Any(listener => listener.Port == url.Port && IsLocal(listener.Address)))
                findings.Error(service.Text.At(ServiceKeys.Urls), $"{url.Scheme}://{url.Authority} is Mainstay's own listener, so requests would go round in circles; name the service's address");
        }
    }

    private static bool Collide(ListenSpec a, ListenSpec b) =>
        a.Port == b.Port && a.Port != 0 && (a.Address.Equals(b.Address) || IsAny(a.Address) || IsAny(b.Address));

    private static bool IsLocal(IPAddress address) => IsAny(address) || IPAddress.IsLoopback(address);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
