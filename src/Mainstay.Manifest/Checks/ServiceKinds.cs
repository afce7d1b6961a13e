using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>A service is run from a command, or by someone else at some urls; never both, never neither.</summary>
internal static class ServiceKinds
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services)
        {
            var text = service.Text;
            if (text.IsWritten(ServiceKeys.Urls))
            {
                foreach (var field in ServiceKeys.Shape.Table.Fields.Except(ServiceKeys.ForUrls).Where(text.IsOwn))
                    findings.Error(text.EntryOf(field)!, field == ServiceKeys.Command
                        ? "a service has either a command or urls (run by someone else); remove one"
                        : "does not apply to a service with urls, which someone else runs; remove it");
            }
            else if (!text.IsWritten(ServiceKeys.Command))
            {
                findings.Error(service.Entry, "has no command; write command: …, or urls: … if someone else runs it");
            }
        }
    }
}
