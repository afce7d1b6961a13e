using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Balancing;

/// <summary>
/// Power of two choices (Mitzenmacher 2001): draw two at random, take the cheaper one. Spreads nearly as well as asking all, without the
/// herd that runs to the single best. Allocates nothing.
/// </summary>
public static class PowerOfTwoChoices
{
    /// <summary>Two different places in [0, <paramref name="count"/>); both 0 if there is only one.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="dice">Randomness.</param>
    public static (int First, int Second) Draw(int count, Dice dice)
    {
        ArgumentNullException.ThrowIfNull(dice);
        if (count == 1)
            return (0, 0);
        var first = dice.Below(count);
        var second = dice.Below(count - 1);
        return (first, second < first ? second : second + 1);
    }

    /// <summary>
    /// Whether the first of two wins: the cheaper one, but one that still ramps up only with the probability of its weight relative to
    /// the other's. Equal weights, whatever they are, change nothing.
    /// </summary>
    /// <param name="firstCost">Not negative; comparable with the other.</param>
    /// <param name="firstWeight">In (0, 1], see <see cref="SlowStart"/>.</param>
    /// <param name="secondCost">Not negative.</param>
    /// <param name="secondWeight">In (0, 1].</param>
    /// <param name="dice">Randomness; asked only if the weights differ.</param>
    public static bool FirstWins(double firstCost, double firstWeight, double secondCost, double secondWeight, Dice dice)
    {
        ArgumentNullException.ThrowIfNull(dice);
        var first = firstCost <= secondCost;
        var (winner, loser) = first ? (firstWeight, secondWeight) : (secondWeight, firstWeight);
        return winner < loser && dice.Unit() >= winner / loser ? !first : first;
    }
}
