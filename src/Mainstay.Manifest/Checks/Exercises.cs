using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>An exercise of a route must be a request that the route matches.</summary>
internal static class Exercises
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            foreach (var exercise in route.Spec.Exercise)
            {
                if (route.Text.TryGet(RouteKeys.Path, out var path) && !PathPattern.Matches(path, exercise.Path))
                    findings.Error(route.Text.At(RouteKeys.Exercise), $"{Shown.Text(exercise.Path)} does not match the route's path {Shown.Text(path)}; write a path that does");
                else if (!route.Spec.Methods.IsEmpty && !route.Spec.Methods.Contains(exercise.Method))
                    findings.Error(route.Text.At(RouteKeys.Exercise), $"{exercise.Method} is not among the route's methods; add it there, or write another one");
            }
        }
    }
}
