using System.Globalization;

namespace Mainstay.Cli.Loading;

internal static class Milliseconds
{
    /// <summary>"0.42 ms", "20.3 ms", "1,204 ms": three digits are enough.</summary>
    public static string Of(double seconds)
    {
        var milliseconds = seconds * 1000;
        var format = milliseconds switch { < 10 => "0.00", < 100 => "0.0", _ => "#,##0" };
        return milliseconds.ToString(format, CultureInfo.InvariantCulture) + " ms";
    }
}
