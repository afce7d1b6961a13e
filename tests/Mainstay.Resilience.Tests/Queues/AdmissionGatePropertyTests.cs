using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Queues;

/// <summary>What must hold for a gate whatever happens to it, in whatever order.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 500, EndSize = 400)]
public sealed class AdmissionGatePropertyTests(ITestOutputHelper output)
{
    [Property]
    public void Its_books_are_right_after_every_step_and_it_comes_to_rest(GateShape shape, GateStep[] steps)
    {
        var driver = new GateDriver(shape);
        foreach (var step in steps)
            driver.Do(step);
        driver.End();
        Assert.Empty(driver.Violations);
    }

    /// <summary>A property over what never happens would hold, too.</summary>
    [Fact]
    public void Chance_meets_every_answer()
    {
        var dice = new Dice(1);
        var answers = new Dictionary<AdmissionAnswer, int>();
        for (var run = 0; run < 200; run++)
        {
            var driver = new GateDriver(new(Byte(), Byte(), Byte(), run % 2 == 0, run % 3 == 0));
            for (var step = 0; step < 400; step++)
                driver.Do(new(Byte(), Byte(), Byte(), Byte(), Byte(), Byte()));
            driver.End();
            Assert.Empty(driver.Violations);
            foreach (var (answer, count) in driver.Answers)
                answers[answer] = answers.GetValueOrDefault(answer) + count;
        }
        output.WriteLine(string.Join(", ", answers.Select(answer => $"{answer.Key} {answer.Value}")));
        Assert.All([AdmissionAnswer.Admitted, AdmissionAnswer.Shed, AdmissionAnswer.Full, AdmissionAnswer.TooLate], answer => Assert.True(answers.GetValueOrDefault(answer) > 100));

        byte Byte() => (byte)dice.Below(256);
    }
}
