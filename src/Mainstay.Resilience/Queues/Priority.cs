namespace Mainstay.Resilience.Queues;

/// <summary>Who is let in first, and refused last.</summary>
public enum Priority
{
    Critical,
    Normal,
    Sheddable,
}
