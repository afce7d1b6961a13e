namespace Mainstay.Prove.Verdicts.Statistics;

/// <summary>
/// Holm's step-down correction (Scandinavian Journal of Statistics, 1979): of many tests at once, which rejections stand so that the probability of even
/// one wrong one stays below <c>doubt</c>.
/// </summary>
internal static class Holm
{
    /// <param name="pValues">Of all tests made, not only of those that look bad.</param>
    /// <param name="doubt">Probability of one wrong rejection or more, such as 0.05.</param>
    /// <returns>For each test whether its rejection stands.</returns>
    public static bool[] Stands(IReadOnlyList<double> pValues, double doubt)
    {
        var stands = new bool[pValues.Count];
        var left = pValues.Count;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]))
        {
            if (pValues[index] > doubt / left)
                break;
            stands[index] = true;
            left--;
        }

        return stands;
    }
}
