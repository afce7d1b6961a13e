using System.Xml.Linq;

namespace Mainstay.Architecture.Tests.References;

public sealed class ReferenceTests
{
    [Fact]
    public void Project_files_keep_to_the_reference_table()
    {
        var projects = Repository.Projects("src");
        Assert.NotEmpty(projects);
        Rule.Holds(projects.SelectMany(project => ReferenceTable.Violations(
            Path.GetFileNameWithoutExtension(project), ReferenceTable.ProjectReferences(File.ReadAllText(project)))));
    }

    [Fact]
    public void Built_assemblies_keep_to_the_reference_table()
    {
        Rule.Holds(Assemblies.Ours.SelectMany(assembly => ReferenceTable.Violations(
            assembly.GetName().Name!,
            assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(Assemblies.IsOurs))));
    }

    [Fact]
    public void Every_project_in_src_is_among_the_assemblies_that_are_checked()
    {
        var built = Assemblies.Ours.Select(assembly => assembly.GetName().Name!).ToHashSet();
        Rule.Holds(Repository.Projects("src").Select(Assemblies.NameOf).Where(name => !built.Contains(name)));
    }

    [Fact]
    public void Every_project_of_src_and_tests_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Mainstay.slnx"));
        Rule.Holds(Repository.Projects("src").Concat(Repository.Projects("tests"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/apps/") && !solution.Contains($"\"{path}\"")));
    }

    [Fact]
    public void Only_those_that_speak_to_the_network_use_ASP_NET_Core()
    {
        string[] allowed = ["Mainstay.Edge", "Mainstay.Cli", "Mainstay.Dashboard", "Mainstay.AspNetCore"];
        Rule.Holds(Repository.Projects("src")
            .Where(path => XDocument.Load(path).Descendants("FrameworkReference").Any())
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Except(allowed));
    }

    [Theory]
    [InlineData("Mainstay.Edge", "Mainstay.Supervisor")]
    [InlineData("Mainstay.Resilience", "Mainstay.Contracts")]
    [InlineData("Mainstay.Supervisor", "Mainstay.Cli")]
    [InlineData("Mainstay.Edge", "mainstay")]
    [InlineData("Mainstay.Nowhere", "Mainstay.Contracts")]
    public void The_check_notices_a_reference_that_is_not_allowed(string project, string reference) =>
        Assert.NotEmpty(ReferenceTable.Violations(project, [reference]));

    [Fact]
    public void The_check_reads_references_out_of_a_project_file() =>
        Assert.Equal(["Mainstay.Supervisor"], ReferenceTable.ProjectReferences(
            """<Project><ItemGroup><ProjectReference Include="..\Mainstay.Supervisor\Mainstay.Supervisor.csproj" /></ItemGroup></Project>"""));
}
