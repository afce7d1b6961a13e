namespace Mainstay.Testing.Processes;

/// <summary>Programs that a test may need and a machine may lack.</summary>
public static class Tool
{
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
}
