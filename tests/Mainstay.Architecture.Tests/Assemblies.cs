using System.Reflection;
using System.Runtime.CompilerServices;

namespace Mainstay.Architecture.Tests;

/// <summary>What the projects in src were built into.</summary>
internal static class Assemblies
{
    public static IReadOnlyList<Assembly> Ours { get; } =
        [.. Repository.Projects("src").Select(NameOf).Where(IsHere).Select(Assembly.Load)];

    /// <summary>Types that somebody wrote, not the compiler.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(type =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.Name.Contains('<')
        && type.Name != "Program"
        && type.Namespace?.StartsWith("Mainstay", StringComparison.Ordinal) == true
        && (type.DeclaringType is null || !type.DeclaringType.Name.Contains('<')));

    public static bool IsOurs(string assemblyName) =>
        assemblyName == "mainstay" || assemblyName.StartsWith("Mainstay.", StringComparison.Ordinal);

    /// <summary>The assembly of a project file.</summary>
    public static string NameOf(string projectFile) =>
        Path.GetFileNameWithoutExtension(projectFile) is var name && name == "Mainstay.Cli" ? "mainstay" : name;

    private static bool IsHere(string name) => File.Exists(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
