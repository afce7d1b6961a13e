namespace Mainstay.Cli.Showing;

internal static class Counted
{
    /// <summary>"1 route", "2 routes".</summary>
    public static string Of(long count, string noun, string? plural = null) => count == 1 ? $"1 {noun}" : $"{count} {plural ?? noun + "s"}";
}
