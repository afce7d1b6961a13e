namespace Mainstay.Keeper.Keeping;

/// <summary>What the keeper could not do, though nobody foresaw it. What is kept is worth more than what was asked: it is told, each kind once, and survived.</summary>
internal sealed class Faults(Voice voice)
{
    /// <summary>More kinds than these are not of interest any more.</summary>
    private const int Most = 32;

    private readonly HashSet<string> _told = [];

    public async ValueTask SurviveAsync(Func<ValueTask> happening)
    {
        try
        {
            await happening();
        }
        catch (Exception fault)
        {
            var what = $"something could not be done ({fault.Message.ReplaceLineEndings(" ")}); what runs is kept";
            if (_told.Count < Most && _told.Add(what))
                voice.Say(what);
        }
    }
}
