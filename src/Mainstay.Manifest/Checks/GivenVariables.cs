using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>Variables that Mainstay gives to a replica cannot be given twice.</summary>
internal static class GivenVariables
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services)
        {
            foreach (var variable in service.Text.Get(ServiceKeys.Environment))
            {
                if (variable.Name == "PORT" && service.Spec.Port.Kind == PortKind.Auto)
                    findings.Error(variable.Entry, "PORT is given by Mainstay; if the app insists on a port, write port: NUMBER");
                else if (variable.Name is "MAINSTAY_SERVICE" or "MAINSTAY_REPLICA" or "MAINSTAY_RELEASE")
                    findings.Error(variable.Entry, "is given by Mainstay; remove it");
            }
            CheckDependencies(draft, service, findings);
        }
    }

    private static void CheckDependencies(Draft draft, ServiceDraft service, FindingList findings)
    {
        var givenBy = new Dictionary<string, string>(StringComparer.Ordinal);
        var written = service.Text.Get(ServiceKeys.Environment).Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var need in service.Text.Get(ServiceKeys.Needs))
        {
            var dependency = draft.Dependencies.FirstOrDefault(dependency => dependency.Spec.Name == need.Name);
            if (dependency?.Spec.Variable is not { } variable)
                continue;
            if (!givenBy.TryAdd(variable, need.Name))
                findings.Error(dependency.Text.At(DependencyKeys.Variable), $"{variable} is also the variable of {givenBy[variable]}, and {service.Spec.Name} needs both; choose another name");
            if (written.Contains(variable))
                findings.Error(dependency.Text.At(DependencyKeys.Variable), $"{variable} is also written under services.{service.Spec.Name}.environment; keep one of them");
        }
    }
}
